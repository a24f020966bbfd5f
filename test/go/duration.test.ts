import fc from "fast-check";
import { expect, test } from "vitest";
import { formatDuration, parseDuration } from "../../src/go/duration.ts";

test.each<[string, string]>([
  ["1m30s", "1m30s"],
  ["90s", "1m30s"],
  ["1.5h", "1h30m0s"],
  ["100ms", "100ms"],
  ["1500us", "1.5ms"],
  ["1µs1μs", "2µs"],
  ["1ns", "1ns"],
  [".5s", "500ms"],
  ["1.s", "1s"],
  ["0", "0s"],
  ["+1s", "1s"],
  ["-1m", "-1m0s"],
  ["1s1h", "1h0m1s"],
  ["9223372036.854775807s", "2562047h47m16.854775807s"],
  ["-9223372036.854775808s", "-2562047h47m16.854775808s"],
])("%s is %s", (text, printed) => {
  const ns = parseDuration(text);
  expect(ns === undefined ? undefined : formatDuration(ns)).toBe(printed);
});

test.each(["", "1", "1d", "s", ".s", "1 s", "1s ", "1..s", "-", "1e3s", "--1s", "9223372036.854775808s", "300y"])(
  "%j is refused",
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

test("what is printed is read back", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (ns) => {
      expect(parseDuration(formatDuration(ns))).toBe(ns);
    }),
  );
});
