import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findSettingsFile } from "../../../src/config/files/settings-file.ts";
import { loadSettings } from "../../../src/config/load.ts";

let folder: string;
let present: string;
let missing: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "portolan-settings-"));
  present = join(folder, "portolan.yml");
  missing = join(folder, "nowhere", "portolan.yml");
  await writeFile(present, JSON.stringify({ output: { file: "/x/portolan.yml" }, stateDir: "/y" }));
});
afterEach(() => rm(folder, { recursive: true }));

test("the flag wins over the variable, which wins over the default path", async () => {
  const environment = { PORTOLAN_SETTINGS: "by-variable.yml" };
  expect(await findSettingsFile({ settings: "by-flag.yml" }, environment, present)).toEqual({
    path: "by-flag.yml",
    by: "--settings",
  });
  expect(await findSettingsFile({}, environment, present)).toEqual({
    path: "by-variable.yml",
    by: "PORTOLAN_SETTINGS",
  });
  expect(await findSettingsFile({}, {}, present)).toEqual({ path: present, by: "the default path" });
});

test("an empty variable is unset, and no file at the default path is no mistake", async () => {
  expect(await findSettingsFile({}, { PORTOLAN_SETTINGS: "" }, present)).toMatchObject({ by: "the default path" });
  expect(await findSettingsFile({}, {}, missing)).toBeUndefined();
  expect(await findSettingsFile({}, {}, join(present, "below a file"))).toBeUndefined();
});

test("a file that cannot be looked at is not taken for none", async () => {
  const tooLong = join(folder, "x".repeat(300));
  expect(await findSettingsFile({}, {}, tooLong)).toEqual({ path: tooLong, by: "the default path" });
});

test("the settings say which file they are from", async () => {
  const { settingsFile, stateDir } = await loadSettings({}, { PORTOLAN_SETTINGS: present });
  expect([settingsFile, stateDir]).toEqual([{ path: present, by: "PORTOLAN_SETTINGS" }, "/y"]);
});

test.each([
  ["--settings", { settings: "x.yml" }, {}, undefined, "name a readable file with --settings"],
  ["PORTOLAN_SETTINGS", {}, { PORTOLAN_SETTINGS: "x.yml" }, undefined, "name a readable file with PORTOLAN_SETTINGS"],
  // As at SIGHUP, where the file was there at the start.
  ["the default path", {}, {}, "x.yml", "name a readable file with --settings or PORTOLAN_SETTINGS"],
] as const)(
  "a missing file that %s names is refused, with the remedy",
  async (by, flags, environment, path, remedy) => {
    const found = path === undefined ? undefined : ({ path, by: "the default path" } as const);
    const refusal = expect(loadSettings(flags, environment, found), by).rejects;
    await refusal.toMatchObject({
      exitCode: 78,
      message: expect.stringMatching(/^settings file x\.yml: cannot be read \(ENOENT\); /),
    });
    await expect(loadSettings(flags, environment, found)).rejects.toThrow(remedy);
  },
);
