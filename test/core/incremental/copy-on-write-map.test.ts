import { expect, test } from "vitest";
import { copyOnWrite } from "../../../src/core/incremental/copy-on-write-map.ts";
import { changedNames } from "../../../src/core/traefik/chart/changed-names.ts";

const MAP: ReadonlyMap<string, number> = new Map([
  ["a", 1],
  ["b", 2],
]);

test("a map that gets nothing new is the same map", () => {
  const patch = copyOnWrite(MAP);
  patch.put("a", 1);
  patch.put("c", undefined);
  expect(patch.result()).toBe(MAP);
});

test("changes make a copy, and the map stays as it is", () => {
  const patch = copyOnWrite(MAP);
  patch.put("a", 3);
  patch.put("b", undefined);
  patch.put("c", 4);
  expect([...patch.result()]).toEqual([
    ["a", 3],
    ["c", 4],
  ]);
  expect([...MAP]).toEqual([
    ["a", 1],
    ["b", 2],
  ]);
});

test("changed are the names that came, went, or have another value", () => {
  const after = new Map([
    ["a", 1],
    ["b", 3],
    ["c", 4],
  ]);
  expect(changedNames(MAP, after)).toEqual(["b", "c"]);
  expect(changedNames(after, MAP)).toEqual(["b", "c"]);
  expect(changedNames(MAP, new Map([["b", 2]]))).toEqual(["a"]);
  expect(changedNames(MAP, MAP)).toEqual([]);
});
