import { expect, test } from "vitest";
import { labelsOf } from "../../../../src/core/traefik/labels/labels.ts";

function pairs(tags: readonly string[], prefix = "traefik"): string[] {
  return [...labelsOf(tags, prefix)].map(([key, { value }]) => `${key} → ${value}`);
}

test.each<[string, string[], string, string[]]>([
  ["T1: tags without `=` and of other prefixes do not count", ["traefik.enable", "urlprefix-/a=b"], "traefik", []],
  ["T1: there is no boundary behind the prefix", ["traefikfoo.x=1"], "traefik", ["traefik.traefikfoo.x → 1"]],
  ["T3: the first `=` splits", ["traefik.a=b=c"], "traefik", ["traefik.a → b=c"]],
  ["T4: nothing is trimmed", ["traefik.x = y"], "traefik", ["traefik.x  →  y"]],
  [
    "T5: the later tag wins",
    ["traefik.a=1", "traefik.b=2", "traefik.a=3"],
    "traefik",
    ["traefik.a → 3", "traefik.b → 2"],
  ],
  ["T6: another prefix is rewritten", ["edge.http.x=1", "traefik.http.y=2"], "edge", ["traefik.http.x → 1"]],
  ["T6: a prefix may hold dots", ["my.edge.http.x=1"], "my.edge", ["traefik.http.x → 1"]],
  [
    "T6: without a prefix every tag counts",
    ["http.x=1", ".http.y=2"],
    "",
    ["traefik.http.x → 1", "traefik.http.y → 2"],
  ],
  ["the prefix is case-sensitive", ["Traefik.enable=true"], "traefik", []],
  ["an empty value is a value", ["traefik.a="], "traefik", ["traefik.a → "]],
])("%s", (_, tags, prefix, expected) => {
  expect(pairs(tags, prefix)).toEqual(expected);
});

test("a label remembers its tag as registered", () => {
  expect(labelsOf(["edge.a=b"], "edge").get("traefik.a")).toEqual({ value: "b", tag: "edge.a=b" });
});
