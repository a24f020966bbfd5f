import fc from "fast-check";
import { expect, test } from "vitest";
import { packRecords, unpackRecords } from "../../../src/app/stored-state/packed-records.ts";

test("fields that all records have alike are written once, defaults not at all", () => {
  const records = [
    { service: "web", tags: ["a"], meta: {}, port: 1 },
    { service: "web", tags: ["a"], meta: {}, port: 2 },
  ];
  expect(packRecords(records, { meta: {} })).toEqual([{ service: "web", tags: ["a"] }, ["port"], [[1], [2]]]);
});

test("everything comes back through JSON", () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.constantFrom([], ["a"], {}, { a: "b" }));
  const records = fc.array(fc.record({ one: value, two: value, __proto__x: value }), { maxLength: 4 });
  fc.assert(
    fc.property(records, (some) => {
      expect(unpackRecords(JSON.parse(JSON.stringify(packRecords(some))))).toEqual(some);
    }),
  );
});

test.each([
  ["text", "x"],
  ["too few parts", [{}, []]],
  ["no common part", [null, [], []]],
  ["fields that are none", [{}, [1], [[1]]]],
  ["no rows", [{}, [], "x"]],
  ["a row that is too short", [{}, ["a", "b"], [[1]]]],
])("%s is not taken for records", (_, packed) => {
  expect(unpackRecords(packed)).toBeUndefined();
});
