import { expect, test } from "vitest";
import { costOfRule } from "../../../../src/core/traefik/rule-reach/rule-cost.ts";

function either(matcher: string, count: number): string {
  return Array.from({ length: count }, (_, number) => `${matcher}(\`/${number}\`)`).join(" || ");
}

test.each([
  ["a host and paths", "Host(`a.example.org`) && (PathPrefix(`/a`) || PathPrefix(`/b`))", 0],
  ["a hundred hosts one by one", either("Host", 100), 0],
  ["a few hosts with a few paths", `(${either("Host", 3)}) && (${either("Path", 4)})`, 5],
  ["many hosts with many paths: they multiply", `(${either("Host", 30)}) && (${either("Path", 30)})`, 840],
  ["the same, negated twice", `!(!(${either("Host", 30)}) || !(${either("Path", 30)}))`, 840],
  ["more than is analysed", `(${either("Host", 100)}) && (${either("Path", 100)})`, 800],
  ["a regular expression", "HostRegexp(`^[a-z]+$`)", 8],
  ["one that repeats", "PathRegexp(`^/[a-z]{100}$`)", 113],
  ["one of many ways, as if they were written out", "HostRegexp(`^(a|b)(c|d)(e|f)$`)", 17 + 7],
  ["one in the old syntax, in braces", "Host(`{any:[a-z]{100}}.example.org`)", 0],
  ["what is no rule", "Host(", 0],
])("%s", (_, rule, cost) => {
  expect(costOfRule("http/routers", { rule })).toBe(cost);
});

test("in the old syntax every matcher may hold regular expressions", () => {
  expect(costOfRule("http/routers", { rule: "Host(`{any:[a-z]{100}}`)", ruleSyntax: "v2" })).toBe(116);
});

test("routers of UDP have no rule", () => {
  expect(costOfRule("udp/routers", {})).toBe(0);
});
