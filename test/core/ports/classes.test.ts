import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { portClass, portClasses } from "../../../src/core/ports/port-class.ts";
import { cutRanges, formatRange, intersection, isWithin, joinRanges } from "../../../src/core/ports/port-range.ts";
import { portRange } from "../../builders/arbitrary-ledger.ts";

const NOMADS = { first: 20_000, last: 32_000 };

describe("the classes of ports", () => {
  test.each<[number, string]>([
    [1, "system"],
    [1023, "system"],
    [1024, "infrastructure"],
    [19_999, "infrastructure"],
    [20_000, "dynamic"],
    [32_000, "dynamic"],
    [32_001, "high"],
    [65_535, "high"],
  ])("%d is %s", (port, expected) => {
    expect(portClass(port, NOMADS)).toBe(expected);
  });

  test("the table of classes says the same of every port, each once, whatever the dynamic range", () => {
    fc.assert(
      fc.property(portRange(65_535), fc.integer({ min: 1, max: 65_535 }), (dynamic, port) => {
        const rows = portClasses(dynamic).filter(({ ports }) => isWithin(port, ports));
        expect(rows.map((row) => row.class)).toEqual([portClass(port, dynamic)]);
      }),
    );
  });
});

describe("ranges", () => {
  const ranges = fc.array(portRange(40), { maxLength: 5 });
  const contained = (port: number, list: readonly { first: number; last: number }[]) =>
    list.filter((range) => isWithin(port, range)).length;

  test("joined, they hold the same ports, each once, and no two touch", () => {
    fc.assert(
      fc.property(ranges, fc.integer({ min: 0, max: 42 }), (list, port) => {
        const joined = joinRanges(list);
        expect(contained(port, joined)).toBe(contained(port, list) > 0 ? 1 : 0);
        for (const [i, range] of joined.slice(1).entries())
          expect(range.first).toBeGreaterThan((joined[i]?.last ?? 0) + 1);
      }),
    );
  });

  test("cut, they hold the same ports, each once, and each piece is wholly in or out of each range", () => {
    fc.assert(
      fc.property(ranges, fc.integer({ min: 0, max: 42 }), (list, port) => {
        const pieces = cutRanges(list);
        expect(contained(port, pieces)).toBe(contained(port, list) > 0 ? 1 : 0);
        for (const piece of pieces) {
          for (const range of list) {
            const common = intersection(piece, range);
            if (common !== undefined) expect(common).toEqual(piece);
          }
        }
      }),
    );
  });

  test("one port is written alone", () => {
    expect(
      [
        { first: 53, last: 53 },
        { first: 53, last: 54 },
      ].map(formatRange),
    ).toEqual(["53", "53-54"]);
  });
});
