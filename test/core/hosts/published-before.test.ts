import { expect, test } from "vitest";
import type { Claimant } from "../../../src/core/hosts/claimant.ts";
import { byPrecedence, wasPublished } from "../../../src/core/hosts/published-before.ts";
import { claimant, host, NO_PAST, pastOf } from "../../builders/claimants.ts";

const web = claimant("web", { rule: host("a.org") });

test.each<[string, Claimant, readonly Claimant[], boolean]>([
  ["there is no chart", web, [], false],
  ["the same router", web, [web], true],
  ["an equal router", web, [claimant("web", { rule: host("a.org") })], true],
  ["the router with another rule", web, [claimant("web", { rule: host("b.org") })], false],
  ["the router with another priority", web, [claimant("web", { rule: host("a.org"), priority: 7 })], false],
  ["the router of another service", web, [claimant("web", { rule: host("a.org"), service: "old" })], false],
  ["a router of an absent owner always was", claimant("gone", { rule: host("a.org"), kind: "absent" }), [], true],
])("was published before: %s", (_, asking, published, expected) => {
  expect(wasPublished(asking, pastOf(published))).toBe(expected);
});

test("precedence: the operator, what was published, absent owners, newcomers; the oldest first in each", () => {
  const operator = claimant("operator", { rule: host("a.org"), kind: "operator" });
  const absent = claimant("absent", { rule: host("a.org"), kind: "absent" });
  const old = claimant("old", { rule: host("a.org"), createIndex: 1 });
  const young = claimant("young", { rule: host("a.org"), createIndex: 20 });
  const names = (past: typeof NO_PAST) =>
    [young, old, absent, web, operator].sort(byPrecedence(past)).map(({ name }) => name);
  expect(names(pastOf([web]))).toEqual(["operator", "web", "absent", "old", "young"]);
  expect(names(NO_PAST)).toEqual(["operator", "absent", "old", "web", "young"]);
});
