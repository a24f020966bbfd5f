import { expect, test } from "vitest";
import { compiledPattern } from "../../../../src/core/traefik/rule-reach/compiled-patterns.ts";

test("a pattern that was asked for lately is not compiled again", () => {
  const first = compiledPattern("^a[0-9]+$");
  for (let other = 0; other < 50; other += 1) compiledPattern(`^other-${other}$`);
  expect(compiledPattern("^a[0-9]+$")).toBe(first);
});

test("what was not asked for lately is given back, however many patterns come", () => {
  const first = compiledPattern("^b[0-9]{900}$");
  for (let other = 0; other < 60; other += 1) compiledPattern(`^[a-z]{900}-${other}$`);
  expect(compiledPattern("^b[0-9]{900}$")).not.toBe(first);
});

test("a pattern that is none is known as that", () => {
  expect(compiledPattern("a(")).toMatchObject({ kind: "refused" });
});
