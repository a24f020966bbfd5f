import fc from "fast-check";
import { expect, test } from "vitest";
import { changedRange, goneSince, rangeBetween } from "../../../src/core/incremental/changed-range.ts";
import { foundAmong } from "../../../src/core/incremental/found-among.ts";

/** Few items, so that lists have them in common and have them twice. */
const items = Array.from({ length: 5 }, (_, id) => ({ id }));
const list = fc.array(fc.constantFrom(...items), { maxLength: 8 });

test("outside of the range in which two lists differ both have the same items, and it is as short as that allows", () => {
  fc.assert(
    fc.property(list, list, (before, after) => {
      const { start, endBefore, endAfter } = rangeBetween(before, after);
      expect(before.slice(0, start)).toEqual(after.slice(0, start));
      expect(before.slice(endBefore)).toEqual(after.slice(endAfter));
      expect(changedRange(before, after)).toEqual(after.slice(start, endAfter));
      if (endBefore > start && endAfter > start) {
        expect(before[start]).not.toBe(after[start]);
        expect(before[endBefore - 1]).not.toBe(after[endAfter - 1]);
      }
    }),
  );
});

test("lists of many items are told apart whichever they were compared with before", () => {
  const common = Array.from({ length: 200 }, (_, id) => ({ id: id + items.length }));
  const around = (own: typeof items) => [...common, ...own, ...common];
  const comparisons = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(list, { minLength: 1, maxLength: 4 }), comparisons, (some, pairs) => {
      const lists = some.map(around);
      for (const pair of pairs) {
        const [before, after] = pair.map((position) => some[position % some.length]!) as [typeof items, typeof items];
        const [longBefore, longAfter] = pair.map((position) => lists[position % lists.length]!) as [
          typeof items,
          typeof items,
        ];
        const { start, endBefore, endAfter } = rangeBetween(before, after);
        const isSame = endBefore === start && endAfter === start;
        // Two lists that are the same differ nowhere up to their end.
        const shift = isSame ? 2 * common.length : common.length;
        expect(rangeBetween(longBefore, longAfter)).toEqual({
          start: start + shift,
          endBefore: endBefore + shift,
          endAfter: endAfter + shift,
        });
      }
    }),
    { numRuns: 50 },
  );
});

test("gone are the items of which there is none by the same key", () => {
  const keyOf = ({ id }: { readonly id: number }) => String(id);
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.constantFrom(...items)),
      fc.uniqueArray(fc.constantFrom(...items)),
      (before, after) => {
        expect(goneSince(before, after, keyOf)).toEqual(before.filter((item) => !after.includes(item)));
      },
    ),
  );
});

test("what is found among one list after another is what is found in each of them, in its order", () => {
  const find = ({ id }: { readonly id: number }) => (id % 2 === 1 ? `odd ${id}` : undefined);
  fc.assert(
    fc.property(fc.array(list, { maxLength: 12 }), (lists) => {
      const found = foundAmong(find);
      for (const one of lists) expect(found(one)).toEqual(one.map(find).filter((said) => said !== undefined));
    }),
  );
});

test("of a list like the last one only what differs is looked at", () => {
  let looked = 0;
  const found = foundAmong(({ id }: { readonly id: number }) => {
    looked += 1;
    return id === 7 ? id : undefined;
  });
  const many = Array.from({ length: 5_000 }, (_, id) => ({ id }));
  expect(found(many)).toEqual([7]);
  expect(found(many.toSpliced(3, 1))).toEqual([7]);
  expect(looked).toBe(5_000);
  expect(found(many.with(4_000, { id: 7 }))).toEqual([7, 7]);
  // The one that came back, the one that came, and those between them.
  expect(looked).toBe(5_000 + 3_998);
});
