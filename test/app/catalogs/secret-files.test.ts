import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { chosenCatalogs, sectionOf } from "../../../src/app/catalogs/chosen.ts";
import { secretFileWarnings } from "../../../src/app/catalogs/secret-files.ts";
import { settingsSchema } from "../../../src/config/files/schema.ts";

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "portolan-secret-"));
  path = join(dir, "secret");
  writeFileSync(path, "s3cret", { mode: 0o600 });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const REQUIRED = { output: { file: "portolan.yml" }, stateDir: "state" };

function warnings(consul: object, environment = {}, ownUid?: number): readonly string[] {
  const catalogs = chosenCatalogs(settingsSchema.parse({ ...REQUIRED, consul }));
  return catalogs.flatMap((catalog) => secretFileWarnings(sectionOf(catalog), catalog.settings, environment, ownUid));
}

test("a file that only its owner and its group can use is fine, and so is one that is missing", () => {
  chmodSync(path, 0o640);
  expect(warnings({ tokenFile: path, tls: { keyFile: join(dir, "none") } })).toEqual([]);
});

test.each([
  ["consul.tokenFile", () => ({ tokenFile: path })],
  ["consul.login.jwtFile", () => ({ login: { authMethod: "m", jwtFile: path } })],
  ["consul.tls.keyFile", () => ({ tls: { keyFile: path } })],
])("%s that every user can use is reported with the command that corrects it", (setting, consul) => {
  chmodSync(path, 0o644);
  expect(warnings(consul())).toEqual([
    `${setting}: every user of this machine may use ${path} (mode 0644); chmod o= ${path}`,
  ]);
});

test("in the secrets directory of a task Nomad sets the modes", () => {
  chmodSync(path, 0o644);
  expect(warnings({ tokenFile: path }, { NOMAD_SECRETS_DIR: dir })).toEqual([]);
  expect(warnings({ tokenFile: path }, { NOMAD_SECRETS_DIR: dir.slice(0, -1) })).toHaveLength(1);
});

test("a file of another user is reported, since that user can replace it", () => {
  let owner = process.getuid?.() ?? 0;
  if (owner === 0) {
    owner = 12_345;
    chownSync(path, owner, owner);
  }
  expect(warnings({ tokenFile: path }, {}, owner)).toEqual([]);
  expect(warnings({ tokenFile: path }, {}, owner + 1)).toEqual([
    `consul.tokenFile: ${path} belongs to user ${owner}, who can replace it; give it to root or to portolan's user (${owner + 1})`,
  ]);
});
