import fc from "fast-check";
import { expect, test } from "vitest";
import { changedRange, rangeBetween } from "../../../src/core/incremental/changed-range.ts";
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
