import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AppError } from "../../src/base/errors.ts";
import { daemonPlace } from "../../src/config/daemon-place.ts";

let folder: string;
let settings: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "portolan-place-"));
  settings = join(folder, "portolan.yml");
});
afterEach(() => rm(folder, { recursive: true }));

test("without flags it is where the settings' defaults are", async () => {
  expect(await daemonPlace({}, {})).toEqual({ listen: { host: "127.0.0.1", port: 9_532 }, stateDir: undefined });
});

test("the settings file names it, with paths from its own folder; flags win", async () => {
  await writeFile(settings, 'listen: "[::1]:9999"\nstateDir: state\n');
  expect(await daemonPlace({ settings }, {})).toEqual({
    listen: { host: "::1", port: 9_999 },
    stateDir: join(folder, "state"),
  });
  expect(await daemonPlace({}, { PORTOLAN_SETTINGS: settings })).toMatchObject({ listen: { port: 9_999 } });
  expect(await daemonPlace({ settings, listen: ":1", "state-dir": "/s" }, {})).toEqual({
    listen: { host: "0.0.0.0", port: 1 },
    stateDir: "/s",
  });
});

test("what else is wrong in the file keeps an operator from nothing", async () => {
  await writeFile(settings, "listen: 127.0.0.1:1\nnot a setting: 1\noutput: 7\n");
  expect(await daemonPlace({ settings }, {})).toMatchObject({ listen: { port: 1 } });
});

test.each([
  ["listen: nowhere", {}, 'listen: found "nowhere"; HOST:PORT such as "127.0.0.1:9532" is allowed (SETTINGS)'],
  ["listen: 9532", {}, "listen: found 9532; a text is allowed (SETTINGS)"],
  ["stateDir: [a]", {}, 'stateDir: found ["a"]; a text is allowed (SETTINGS)'],
  ["{", {}, "settings file SETTINGS: not valid YAML"],
  ["", { listen: "x" }, 'listen: found "x"; HOST:PORT such as "127.0.0.1:9532" is allowed (flag --listen)'],
])("%j with %j is refused: 78", async (text, flags, message) => {
  await writeFile(settings, text);
  const error = await daemonPlace({ settings, ...flags }, {}).catch((caught: unknown) => caught);
  if (!(error instanceof AppError)) throw new Error("it was not refused by an AppError");
  expect(error.exitCode).toBe(78);
  expect(error.message).toContain(message.replace("SETTINGS", settings));
});

test("a file that is not there is refused: 78", async () => {
  await expect(daemonPlace({ settings }, {})).rejects.toMatchObject({ exitCode: 78 });
});
