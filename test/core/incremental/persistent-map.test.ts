import fc from "fast-check";
import { expect, test } from "vitest";
import { emptyPersistentMap, type PersistentMap } from "../../../src/core/incremental/persistent-map.ts";

function entriesOf(map: PersistentMap<number>): ReadonlyMap<string, number> {
  return new Map([...map.keys()].map((key) => [key, map.get(key)!]));
}

test("every map that was made on the way keeps its entries, whatever is made from it", () => {
  const change = fc.tuple(fc.constantFrom("a", "b", "c", "constructor", ""), fc.option(fc.nat(3), { nil: undefined }));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(), fc.array(change, { maxLength: 4 })), { maxLength: 8 }), (edits) => {
      const made = [{ map: emptyPersistentMap<number>(), expected: new Map<string, number>() }];
      for (const [from, changes] of edits) {
        const { map, expected } = made[from % made.length]!;
        const [edit, next] = [map.edit(), new Map(expected)];
        for (const [key, value] of changes) {
          edit.put(key, value);
          if (value === undefined) next.delete(key);
          else next.set(key, value);
          expect(edit.draft.get(key)).toBe(value);
        }
        made.push({ map: edit.result(), expected: next });
      }
      for (const { map, expected } of made) {
        expect(entriesOf(map)).toEqual(expected);
        expect(map.size).toBe(expected.size);
        expect([...map.values()].sort()).toEqual([...expected.values()].sort());
      }
    }),
  );
});

test("an edit that changes nothing comes to the very map", () => {
  const filled = emptyPersistentMap<number>().edit();
  filled.put("a", 1);
  const map = filled.result();
  const edit = map.edit();
  edit.put("a", 1);
  edit.put("b", undefined);
  expect(edit.result()).toBe(map);
});

test("after more changes than are kept apart, all entries are still there", () => {
  let map = emptyPersistentMap<number>();
  const expected = new Map<string, number>();
  for (let round = 0; round < 300; round += 1) {
    const edit = map.edit();
    edit.put(`new-${round}`, round);
    expected.set(`new-${round}`, round);
    edit.put(`new-${round - 7}`, undefined);
    expected.delete(`new-${round - 7}`);
    if (round % 3 === 0) {
      edit.put("often", round);
      expected.set("often", round);
    }
    map = edit.result();
    expect(entriesOf(map)).toEqual(expected);
    expect(map.size).toBe(expected.size);
  }
});
