import fc from "fast-check";
import { expect, test } from "vitest";
import { copyOnWrite } from "../../../src/core/incremental/copy-on-write-map.ts";
import { gathering } from "../../../src/core/incremental/gathering.ts";
import { noteChanges } from "../../../src/core/incremental/lineage.ts";

const say = (value: number, key: string): readonly string[] =>
  Array.from({ length: value % 3 }, () => `${key}${value}`);
const edit = fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.option(fc.nat(5), { nil: undefined }));

test("what is gathered of maps that are made of each other is what each of them says, in its own order", () => {
  const gathered = gathering(say);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.array(edit, { maxLength: 3 }), fc.boolean())), (steps) => {
      let map: ReadonlyMap<string, number> = new Map();
      for (const [edits, isReordered] of steps) {
        const copy = copyOnWrite(map);
        for (const [key, value] of edits) copy.put(key, value);
        map = copy.result();
        if (isReordered) {
          const reordered = new Map([...map].toReversed());
          noteChanges(reordered, map, []);
          map = reordered;
        }
        expect(gathered(map)).toEqual([...map].flatMap(([key, value]) => say(value, key)));
      }
    }),
  );
});
