import fc from "fast-check";
import { expect, test } from "vitest";
import { copyOnWrite } from "../../../src/core/incremental/copy-on-write-map.ts";

/* A map of many entries shares them with what is made of it, and is read as a map that was copied. */

const MANY = new Map(Array.from({ length: 400 }, (_, position) => [`key-${position}`, position] as const));

const key = fc.oneof(
  fc.constantFrom("key-0", "key-1", "key-200", "key-399", "new", "newer", "constructor", ""),
  fc.nat(MANY.size).map((position) => `key-${position}`),
);
const change = fc.tuple(key, fc.option(fc.nat(3), { nil: undefined }));

test("every map that was made on the way has the entries and the order of a map with the same changes", () => {
  const edits = fc.array(fc.tuple(fc.nat(), fc.array(change, { maxLength: 30 })), { maxLength: 8 });
  fc.assert(
    fc.property(edits, (edits) => {
      const made: { readonly map: ReadonlyMap<string, number>; readonly expected: ReadonlyMap<string, number> }[] = [
        { map: MANY, expected: new Map(MANY) },
      ];
      for (const [from, changes] of edits) {
        const { map, expected } = made[from % made.length]!;
        const [edit, next] = [copyOnWrite(map), new Map(expected)];
        for (const [name, value] of changes) {
          edit.put(name, value);
          if (value === undefined) next.delete(name);
          else next.set(name, value);
          expect(edit.get(name)).toBe(value);
        }
        made.push({ map: edit.result(), expected: next });
      }
      for (const { map, expected } of made) {
        expect([...map]).toEqual([...expected]);
        expect([...map.entries()]).toEqual([...expected]);
        expect([...map.keys()]).toEqual([...expected.keys()]);
        expect([...map.values()]).toEqual([...expected.values()]);
        expect(map.size).toBe(expected.size);
        const visited: [string, number][] = [];
        map.forEach((value, name) => {
          visited.push([name, value]);
        });
        expect(visited).toEqual([...expected]);
        for (const [name] of edits.flatMap(([, changes]) => changes)) {
          expect(map.get(name)).toBe(expected.get(name));
          expect(map.has(name)).toBe(expected.has(name));
        }
      }
    }),
    { numRuns: 40 },
  );
});

test("after more changes than are kept apart, all entries are still there in their order", () => {
  let map: ReadonlyMap<string, number> = MANY;
  for (let round = 0; round < 200; round += 1) {
    const edit = copyOnWrite(map);
    edit.put(`key-${round * 2}`, -round);
    edit.put(`new-${round}`, round);
    edit.put(`new-${round - 1}`, undefined);
    map = edit.result();
  }
  expect(map.size).toBe(MANY.size + 1);
  expect([...map].at(-1)).toEqual(["new-199", 199]);
  expect([...map.keys()].slice(0, -1)).toEqual([...MANY.keys()]);
  expect(MANY.get("key-2")).toBe(2);
});
