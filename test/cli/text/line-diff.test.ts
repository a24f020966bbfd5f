import fc from "fast-check";
import { expect, test } from "vitest";
import { lineDiff } from "../../../src/cli/text/line-diff.ts";

const lines = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 12 });

test("what is removed and added makes the second text of the first", () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const changes = lineDiff(before, after);
      const made: string[] = [];
      for (let line = 1; line <= before.length + 1; line += 1) {
        const here = changes.filter((change) => change.line === line);
        made.push(...here.filter(({ kind }) => kind === "added").map(({ text }) => text));
        const removed = here.find(({ kind }) => kind === "removed");
        if (removed !== undefined) expect(removed.text).toBe(before[line - 1]);
        else if (line <= before.length) made.push(before[line - 1] ?? "");
      }
      expect(made).toEqual(after);
      if (before.join() === after.join()) expect(changes).toEqual([]);
    }),
  );
});

test("one line that changed is one removed and one added, a new one is added alone", () => {
  expect(lineDiff(["a", "b", "c"], ["a", "x", "c"])).toEqual([
    { kind: "removed", line: 2, text: "b" },
    { kind: "added", line: 3, text: "x" },
  ]);
  expect(lineDiff(["a", "c"], ["a", "b", "c"])).toEqual([{ kind: "added", line: 2, text: "b" }]);
});

test("long texts that have nothing in common cost no time", () => {
  const before = Array.from({ length: 20_000 }, (_, i) => `a${i}`);
  const after = Array.from({ length: 20_000 }, (_, i) => `b${i}`);
  expect(lineDiff(before, after)).toHaveLength(40_000);
});
