import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type DemandedToken, openDemandedToken } from "../../../src/app/chart-listener/demanded-token.ts";
import { AppError } from "../../../src/base/errors.ts";
import { createFakeClock, type FakeClock } from "../../fakes/fake-clock.ts";
import { type RecordingCredentials, recordCredentials } from "../../fakes/recording-credentials.ts";

const TOKEN = "0123456789abcdef";

let dir: string;
let path: string;
let clock: FakeClock;
let reported: RecordingCredentials;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "portolan-serve-"));
  path = join(dir, "token");
  clock = createFakeClock();
  reported = recordCredentials();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function open(): DemandedToken {
  return openDemandedToken({ setting: "serve.tokenFile", path, clock, reporter: reported });
}

async function rewrite(text: string): Promise<void> {
  writeFileSync(path, text);
  await clock.advance(1_000);
}

describe("what counts as the token", () => {
  test.each([
    ["itself", TOKEN, true],
    ["its beginning", TOKEN.slice(0, -1), false],
    ["more than it", `${TOKEN}0`, false],
    ["the same in capitals", TOKEN.toUpperCase(), false],
    ["another of its length", TOKEN.replace("0", "1"), false],
    ["nothing", "", false],
  ])("%s: %s", (_, shown, counts) => {
    writeFileSync(path, `${TOKEN}\n`);
    expect(open().isShown(shown)).toBe(counts);
  });
});

test("another token in the file counts within a second, and the old one no more", async () => {
  writeFileSync(path, TOKEN);
  const token = open();
  await rewrite(`another-${TOKEN}`);
  expect([token.isShown(TOKEN), token.isShown(`another-${TOKEN}`)]).toEqual([false, true]);
  expect(reported.renewed).toEqual([`serve.tokenFile: ${path} holds another token now`]);
});

test("a file without a token lets no client in, is told once, and counts again when it holds one", async () => {
  writeFileSync(path, TOKEN);
  const token = open();
  for (const unusable of ["", "short", ""]) {
    await rewrite(unusable);
    expect([token.isShown(TOKEN), token.isShown(unusable)]).toEqual([false, false]);
  }
  expect(reported.warned).toEqual([
    `serve.tokenFile: ${path} is empty; every client is refused until it holds a token`,
  ]);
  await rewrite(TOKEN);
  expect(token.isShown(TOKEN)).toBe(true);
});

describe("the start is refused, with the command that makes a token, where the file", () => {
  test.each([
    ["is not there", undefined, /cannot be read \(ENOENT\)/],
    ["is empty", "\n", /is empty/],
    ["holds a token that can be guessed", "s3cret", /one token of 16 to 1024/],
    ["holds two lines", `${TOKEN}\n${TOKEN}\n`, /one token of 16 to 1024/],
    ["holds what no header can carry", "ü".repeat(20), /one token of 16 to 1024/],
  ])("%s", (_, content, reason) => {
    if (content !== undefined) writeFileSync(path, content);
    expect(open).toThrow(AppError);
    expect(open).toThrow(reason);
    expect(open).toThrow(`openssl rand -hex 32) > ${path}`);
    if (content !== undefined && content.trim() !== "") expect(open).not.toThrow(content.trim());
  });
});
