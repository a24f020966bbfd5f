import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTokenReader } from "../../src/sources/token.ts";

let dir: string;
let tokenFile: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "portolan-token-"));
  tokenFile = join(dir, "token");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("a token is what the settings say, and without one requests are anonymous", () => {
  expect(createTokenReader({ token: "from-the-settings" })()).toBe("from-the-settings");
  expect(createTokenReader({})()).toBe("");
});

test("a rotated token counts from the next request on", () => {
  writeFileSync(tokenFile, "first\n");
  const readToken = createTokenReader({ tokenFile });
  expect(readToken()).toBe("first");
  writeFileSync(tokenFile, "  second\r\n");
  expect(readToken()).toBe("second");
});

test("the last token stays in use while the file is away", () => {
  writeFileSync(tokenFile, "first");
  const readToken = createTokenReader({ tokenFile });
  readToken();
  rmSync(tokenFile);
  expect(readToken()).toBe("first");
  writeFileSync(tokenFile, "second");
  expect(readToken()).toBe("second");
});

test("a file that is not there yet means the anonymous token, until it is", () => {
  const readToken = createTokenReader({ tokenFile });
  expect(readToken()).toBe("");
  writeFileSync(tokenFile, "first");
  expect(readToken()).toBe("first");
});
