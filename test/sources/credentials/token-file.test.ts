import { spawnSync } from "node:child_process";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readSecretFile } from "../../../src/sources/credentials/secret-file.ts";
import type { TokenReader } from "../../../src/sources/credentials/token.ts";
import { createTokenFile } from "../../../src/sources/credentials/token-file.ts";
import { createFakeClock, type FakeClock } from "../../fakes/fake-clock.ts";
import { type RecordingCredentials, recordCredentials } from "../../fakes/recording-credentials.ts";

let dir: string;
let path: string;
let clock: FakeClock;
let reported: RecordingCredentials;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "portolan-token-"));
  path = join(dir, "token");
  clock = createFakeClock();
  reported = recordCredentials();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function open(token?: string): TokenReader {
  const direct = token === undefined ? {} : { token };
  return createTokenFile({ setting: "consul.tokenFile", path, ...direct, clock, reporter: reported });
}

test("a rotated token counts within a second, whether the file is rewritten or replaced", async () => {
  writeFileSync(path, "first\n");
  const readToken = open();
  expect(readToken()).toBe("first");

  writeFileSync(path, "  second\r\n");
  expect(readToken()).toBe("first");
  await clock.advance(1_000);
  expect(readToken()).toBe("second");

  writeFileSync(`${path}.new`, "third!\n");
  renameSync(`${path}.new`, path);
  await clock.advance(1_000);
  expect(readToken()).toBe("third!");
  expect(reported.renewed).toEqual(Array(2).fill(`consul.tokenFile: ${path} holds another token now`));
});

test("it counts at once when the catalog has refused a token", () => {
  writeFileSync(path, "first");
  const readToken = open();
  writeFileSync(path, "second");
  expect(readToken("first")).toBe("second");
  expect(readToken("second")).toBe("second");
});

test("it counts also when the clock was set back meanwhile", async () => {
  writeFileSync(path, "first");
  const readToken = open();
  await clock.advance(-3_600_000);
  writeFileSync(path, "second");
  expect(readToken()).toBe("second");
});

test.each([
  ["away", () => rmSync(path), "cannot be read (ENOENT)"],
  ["empty", () => writeFileSync(path, " \n"), "is empty"],
])("the last token stays in use while the file is %s, and that is reported once", async (_what, spoil, reason) => {
  writeFileSync(path, "first");
  const readToken = open();
  spoil();
  for (let look = 0; look < 3; look += 1) {
    await clock.advance(1_000);
    expect(readToken(look === 1 ? "first" : undefined)).toBe("first");
  }
  expect(reported.warned).toEqual([
    `consul.tokenFile: ${path} ${reason}; the last known token stays in use until it holds one that portolan's user may read`,
  ]);

  writeFileSync(path, "first");
  await clock.advance(1_000);
  expect(readToken()).toBe("first");
  expect(reported.renewed).toEqual([`consul.tokenFile: ${path} can be read again`]);
});

test("until the file is there the token that was given directly is in use, else none", async () => {
  expect(open("direct")()).toBe("direct");
  const readToken = open();
  expect(readToken()).toBe("");
  expect(reported.warned.map((message) => message.split("; ")[1])).toEqual([
    expect.stringContaining("the last known token stays in use"),
    expect.stringContaining("asking without a token"),
  ]);
  writeFileSync(path, "first");
  await clock.advance(1_000);
  expect(readToken()).toBe("first");
});

test("a pipe is no file of a secret: to open it could stop the process for good", () => {
  spawnSync("mkfifo", [path]);
  expect(readSecretFile(path)).toEqual({ kind: "unusable", reason: "is no regular file" });
});
