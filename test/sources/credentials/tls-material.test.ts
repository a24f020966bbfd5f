import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTlsMaterial, type TlsMaterial } from "../../../src/sources/credentials/tls-material.ts";
import { createFakeClock, type FakeClock } from "../../fakes/fake-clock.ts";
import { type RecordingCredentials, recordCredentials } from "../../fakes/recording-credentials.ts";
import { type Authority, type Certificate, makeAuthority } from "../../support/certificates.ts";

let dir: string;
let ca: Authority;
let first: Certificate;
let second: Certificate;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "portolan-tls-"));
  ca = makeAuthority(dir, "ca");
  first = ca.sign("first", "extendedKeyUsage=clientAuth");
  second = ca.sign("second", "extendedKeyUsage=clientAuth");
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let clock: FakeClock;
let reported: RecordingCredentials;
const files = () => ({
  caFile: join(dir, "in-use-ca"),
  certFile: join(dir, "in-use"),
  keyFile: join(dir, "in-use-key"),
});
beforeEach(() => {
  clock = createFakeClock();
  reported = recordCredentials();
  copyFileSync(ca.cert, files().caFile);
  install(first);
});

function install({ cert, key }: Certificate): void {
  copyFileSync(cert, files().certFile);
  copyFileSync(key, files().keyFile);
}

function open(): TlsMaterial {
  return createTlsMaterial({ tls: files(), section: "consul.tls", clock, reporter: reported });
}

async function aSecondLater(material: TlsMaterial) {
  await clock.advance(1_000);
  return material.current();
}

test("the same files give the same object, other files another one within a second", async () => {
  const material = open();
  const before = material.current();
  expect(before).toMatchObject({ cert: readFileSync(first.cert, "utf8"), minVersion: "TLSv1.2" });
  expect(await aSecondLater(material)).toBe(before);

  install(second);
  expect(material.current()).toBe(before);
  expect(await aSecondLater(material)).toMatchObject({
    cert: readFileSync(second.cert, "utf8"),
    key: readFileSync(second.key, "utf8"),
  });
  expect(reported).toMatchObject({
    warned: [],
    renewed: ["consul.tls: files were read again; new connections are opened with them"],
  });
});

test.each<[string, () => void, RegExp]>([
  [
    "its key is not there yet",
    () => copyFileSync(second.cert, files().certFile),
    /do not belong together; replace both/,
  ],
  ["the certificate is cut off", () => truncateSync(files().certFile, 200), /certFile: .*in-use holds something else/],
  [
    "the key is empty",
    () => truncateSync(files().keyFile, 0),
    /keyFile: .*in-use-key holds something else than a private key/,
  ],
  ["the key is cut off", () => truncateSync(files().keyFile, 100), /cannot be used \(ERR_OSSL/],
  ["a file is away", () => rmSync(files().caFile), /caFile: cannot read .*in-use-ca \(ENOENT\)/],
  [
    "the end of a list of authorities is cut off",
    () =>
      writeFileSync(
        files().caFile,
        `${readFileSync(ca.cert, "utf8")}${readFileSync(first.cert, "utf8").slice(0, 300)}`,
      ),
    /caFile: .*in-use-ca holds something else than certificates from their BEGIN to their END/,
  ],
])("where %s the old ones stay in use, which is reported once without the key", async (_what, spoil, message) => {
  const material = open();
  const before = material.current();
  spoil();
  expect(await aSecondLater(material)).toBe(before);
  expect(await aSecondLater(material)).toBe(before);
  expect(reported.warned).toEqual([expect.stringMatching(message)]);
  const [, secret = ""] = readFileSync(first.key, "utf8").split("\n");
  expect(reported.warned.join()).not.toContain(secret.slice(0, 12));

  copyFileSync(ca.cert, files().caFile);
  install(second);
  expect(await aSecondLater(material)).toMatchObject({ cert: readFileSync(second.cert, "utf8") });
});

test("at the start they must be usable", () => {
  copyFileSync(second.key, files().keyFile);
  expect(open).toThrow(expect.objectContaining({ code: "E_SETTINGS_FILE", exitCode: 78 }));
});
