import { describe, expect, test } from "vitest";
import { CatalogError } from "../../../src/sources/catalog/catalog-error.ts";
import { retryDelayMs } from "../../../src/sources/polling/backoff.ts";

const HIGHEST = 1 - Number.EPSILON;
const refused = new CatalogError("E_CATALOG_UNREACHABLE", "connection refused");

test.each(["E_CATALOG_UNREACHABLE", "E_CATALOG_TIMEOUT", "E_CATALOG_STATUS", "E_CATALOG_SHAPE"] as const)(
  "after %s the pause grows with each failure and never exceeds 1 s",
  (code) => {
    const error = new CatalogError(code, "");
    const longest = [1, 2, 3, 4, 5, 50, 5_000].map((failures) => Math.round(retryDelayMs(error, failures, HIGHEST)));
    expect(longest).toEqual([200, 400, 800, 1_000, 1_000, 1_000, 1_000]);
  },
);

test("the pause is spread over nine tenths, and never zero", () => {
  expect(retryDelayMs(refused, 10, 0)).toBe(100);
  expect(retryDelayMs(refused, 10, 0.5)).toBe(550);
  expect(retryDelayMs(refused, 1, 0)).toBeGreaterThan(0);
});

describe("after 429", () => {
  test("the pause is what the catalog asked for, a little spread, however many failures there were", () => {
    const busy = new CatalogError("E_CATALOG_BUSY", "", 7_000);
    expect(retryDelayMs(busy, 1, 0)).toBe(7_000);
    expect(retryDelayMs(busy, 100, 0)).toBe(7_000);
    expect(retryDelayMs(busy, 1, HIGHEST)).toBeCloseTo(7_700);
  });

  test("the pause is as after any failure where the catalog asked for nothing: a single query tries", () => {
    const busy = new CatalogError("E_CATALOG_BUSY", "");
    expect(retryDelayMs(busy, 50, HIGHEST)).toBeCloseTo(1_000);
    expect(busy.isOutage).toBe(true);
  });

  test("no answer can make us sleep for longer than a minute", () => {
    expect(retryDelayMs(new CatalogError("E_CATALOG_BUSY", "", 86_400_000), 1, 0)).toBe(60_000);
  });
});
