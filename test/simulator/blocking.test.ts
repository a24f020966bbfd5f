import { describe, expect, test } from "vitest";
import { parseIndex, parseWaitMs } from "../../src/simulator/api/blocking.ts";

const MINUTE_MS = 60_000;

describe("parseWaitMs", () => {
  test.each([
    ["", 5 * MINUTE_MS],
    ["0", 5 * MINUTE_MS],
    ["0s", 5 * MINUTE_MS],
    ["-5s", 5 * MINUTE_MS],
    ["9m59s", 10 * MINUTE_MS - 1_000],
    ["24h", 10 * MINUTE_MS],
    ["1m30.5s", 90_500],
    [".5s", 500],
    ["+250ms", 250],
    ["1500us", 1.5],
    ["1500µs", 1.5],
  ])("%j is %d ms: without a positive time the default, never more than the maximum", (text, waitMs) => {
    expect(parseWaitMs(text)).toBeCloseTo(waitMs, 6);
  });

  test.each(["10", "1d", "s", "1s 2s", "1.2.3s", "soon"])("%j is no duration", (text) => {
    expect(parseWaitMs(text)).toBeUndefined();
  });
});

describe("parseIndex", () => {
  test("keeps all 64 bits", () => {
    expect(parseIndex("18446744073709551615")).toBe(18_446_744_073_709_551_615n);
  });

  test.each(["18446744073709551616", "-1", "1.0", "x", " 1"])("%j is no index", (text) => {
    expect(parseIndex(text)).toBeUndefined();
  });
});
