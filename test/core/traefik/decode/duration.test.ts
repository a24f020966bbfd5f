import { expect, test } from "vitest";
import { parseTraefikDuration } from "../../../../src/core/traefik/decode/duration.ts";

test("a bare integer counts seconds for traefik, and is bounded as any duration", () => {
  expect(parseTraefikDuration("10")).toBe(10_000_000_000n);
  expect(parseTraefikDuration("-1")).toBe(-1_000_000_000n);
  expect(parseTraefikDuration("1m30s")).toBe(90_000_000_000n);
  expect(parseTraefikDuration("1.5")).toBeUndefined();
  expect(parseTraefikDuration("9223372037")).toBeUndefined();
});
