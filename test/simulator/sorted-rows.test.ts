import fc from "fast-check";
import { expect, test } from "vitest";
import { createSortedRows } from "../../src/simulator/state/sorted-rows.ts";

const write = fc.record({
  key: fc.constantFrom(..."abcdefghij"),
  row: fc.option(fc.nat()),
});

/** Writes between readings. */
const batches = fc.array(fc.array(write, { maxLength: 5 }), { maxLength: 30 });

test("a reading has the rows of all writes before it in the order of their keys, and no later write changes it", () => {
  fc.assert(
    fc.property(batches, (given) => {
      const sorted = createSortedRows<number>();
      const model = new Map<string, number>();
      const seen: { readonly rows: readonly number[]; readonly expected: readonly number[] }[] = [];
      for (const batch of given) {
        for (const { key, row } of batch) {
          if (row === null) {
            sorted.delete(key);
            model.delete(key);
          } else {
            sorted.put(key, row);
            model.set(key, row);
          }
        }
        const expected = [...model].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
        seen.push({ rows: sorted.rows(), expected });
      }
      for (const { rows, expected } of seen) expect(rows).toEqual(expected);
      expect(sorted.size).toBe(model.size);
    }),
  );
});

test("a thousand writes at once are in order too", () => {
  const sorted = createSortedRows<string>();
  const keys = Array.from({ length: 1_000 }, (_, i) => `key-${i}`);
  for (const key of keys) sorted.put(key, key);
  expect(sorted.rows()).toEqual(keys.toSorted((a, b) => (a < b ? -1 : 1)));
});

test("without a write, the list is the same one", () => {
  const sorted = createSortedRows<number>();
  sorted.put("a", 1);
  const rows = sorted.rows();
  sorted.delete("b");
  expect(sorted.rows()).toBe(rows);
});
