import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { copyOnWrite } from "../../../src/core/incremental/copy-on-write-map.ts";
import { foundIn } from "../../../src/core/incremental/found-in.ts";
import { keysBetween, memoizeByLineage, noteChanges } from "../../../src/core/incremental/lineage.ts";
import { changedNames } from "../../../src/core/traefik/chart/changed-names.ts";

type Numbers = ReadonlyMap<string, number>;

/** Makes a map of another one; undefined takes a key out. */
function edited(map: Numbers, edits: Iterable<readonly [string, number | undefined]>): Numbers {
  const copy = copyOnWrite(map);
  for (const [key, value] of edits) copy.put(key, value);
  return copy.result();
}

const edit = fc.tuple(fc.constantFrom("a", "b", "c", "d", "e"), fc.option(fc.nat(3), { nil: undefined }));
/** Maps that are made of earlier ones, each of any of them. */
const history = fc.array(fc.tuple(fc.nat(), fc.array(edit, { maxLength: 4 })), { minLength: 1, maxLength: 40 });

function play(steps: readonly (readonly [number, readonly (readonly [string, number | undefined])[]])[]): Numbers[] {
  const maps: Numbers[] = [new Map([["a", 1]])];
  for (const [from, edits] of steps) maps.push(edited(maps[from % maps.length] ?? new Map(), edits));
  return maps;
}

describe("what maps were made of", () => {
  test("tells what has changed between any two of them as a comparison of all entries does", () => {
    fc.assert(
      fc.property(history, (steps) => {
        const maps = play(steps);
        for (const before of maps) {
          for (const after of maps) {
            const compared = changedNames(new Map(before), new Map(after));
            expect(changedNames(before, after).toSorted()).toEqual(compared.toSorted());
          }
        }
      }),
    );
  });

  test("leaves the answer about a map as it is without", () => {
    const isOdd = (value: number) => (value % 2 === 1 ? `odd ${value}` : undefined);
    fc.assert(
      fc.property(history, fc.array(fc.nat(), { maxLength: 60 }), (steps, asked) => {
        const maps = play(steps);
        const known = foundIn(isOdd);
        for (const position of asked) {
          const map = maps[position % maps.length] ?? new Map();
          expect(new Map([...known(map)].toSorted())).toEqual(new Map([...foundIn(isOdd)(new Map(map))].toSorted()));
        }
      }),
    );
  });

  test("is noted by whoever makes one anew, too", () => {
    const before = new Map([
      ["a", 1],
      ["b", 2],
    ]);
    const after = new Map([["b", 3]]);
    expect(keysBetween(before, after)).toBeUndefined();
    noteChanges(after, before, ["a", "b"]);
    expect(keysBetween(before, after)).toEqual(new Set(["a", "b"]));
    expect(keysBetween(after, before)).toEqual(new Set(["a", "b"]));
  });

  test("leads from both to the one that they have in common", () => {
    const first = new Map([["a", 1]]);
    const one = edited(first, [["b", 1]]);
    const other = edited(first, [["c", 1]]);
    expect(keysBetween(one, other)).toEqual(new Set(["b", "c"]));
  });

  test("is forgotten after some steps, and where more has changed than a comparison costs", () => {
    const first: Numbers = new Map([["a", 1]]);
    let last = first;
    for (let i = 0; i < 100; i += 1) last = edited(last, [["a", i + 2]]);
    expect(keysBetween(first, last)).toBeUndefined();
    expect(changedNames(first, last)).toEqual(["a"]);
    const many = Array.from({ length: 5_000 }, (_, i) => [`s${i}`, i] as const);
    expect(keysBetween(first, edited(first, many))).toBeUndefined();
  });

  test("makes that one change among thousands costs one", () => {
    let looked = 0;
    const known = foundIn((value: number) => {
      looked += 1;
      return value < 3 ? value : undefined;
    });
    const before = new Map(Array.from({ length: 5_000 }, (_, i) => [`s${i}`, i] as const));
    expect(known(before).size).toBe(3);
    expect(looked).toBe(5_000);
    const after = edited(before, [
      ["s1", undefined],
      ["s4000", 2],
    ]);
    expect([...known(after).keys()].toSorted()).toEqual(["s0", "s2", "s4000"]);
    expect(looked).toBe(5_001);
    // A map from which nothing has gone and to which nothing has come is not even looked through.
    expect(known(edited(before, [["s9", 10]]))).toBe(known(before));
  });

  test("gives an answer that is corrected all keys since the one that was known", () => {
    const corrected: string[][] = [];
    const sum = memoizeByLineage(
      (map: Numbers) => map.size,
      (_, map, keys) => {
        corrected.push([...keys]);
        return map.size;
      },
    );
    const before: Numbers = new Map([["a", 1]]);
    expect(sum(before)).toBe(1);
    const after = edited(edited(before, [["b", 1]]), [["c", 1]]);
    expect(sum(after)).toBe(3);
    expect(corrected).toEqual([["c", "b"]]);
  });
});

test("a map that was handed out stays as it is", () => {
  const copy = copyOnWrite(new Map([["a", 1]]));
  copy.put("b", 2);
  const first = copy.result();
  copy.put("c", 3);
  expect([...first.keys()]).toEqual(["a", "b"]);
  expect([...copy.result().keys()]).toEqual(["a", "b", "c"]);
});
