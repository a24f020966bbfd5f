import { expect, test } from "vitest";
import { compileConstraints } from "../../../../src/core/traefik/constraints/compile.ts";

function matches(expression: string, ...tags: string[]): boolean | string {
  const compiled = compileConstraints(expression);
  return compiled.kind === "compiled" ? compiled.matches(tags) : compiled.message;
}

test.each([
  ["", [], true],
  ["Tag(`a`)", ["b", "a"], true],
  ["Tag(`a`)", ["ab"], false],
  ["Tag(`traefik.http.routers.a.rule=x`)", ["traefik.http.routers.a.rule=x"], true],
  ["!Tag(`a`)", ["a"], false],
  ["!!Tag(`a`)", ["a"], true],
  ["Tag(`a`) && Tag(`b`)", ["a"], false],
  ["Tag(`a`) || Tag(`b`) && Tag(`c`)", ["a"], true],
  ["(Tag(`a`) || Tag(`b`)) && Tag(`c`)", ["a"], false],
  ["!Tag(`a`) && Tag(`b`)", ["b"], true],
  ["!(Tag(`a`) && Tag(`b`))", ["b"], true],
  ['Tag("a\\tb")', ["a\tb"], true],
  ["Tag(`a\\tb`)", ["a\\tb"], true],
  ['Tag("\\xc3\\xa9")', ["é"], true],
  ["Tag(``)", [""], true],
  ["TagRegex(`^v[0-9]+$`)", ["x", "v12"], true],
  ["TagRegex(`b`)", ["abc"], true],
  ["TagRegex(`(`)", ["("], false],
  ["!TagRegex(`(`)", [], true],
  ["TagRegex(`(?=a)`)", ["a"], false],
  ["TagRegex(`(?P<n>a)(?P<n>b)`)", ["ab"], true],
  ["Tag(`a`,) ||\n Tag(`b`) // either\n", ["b"], true],
] as const)("%j of %j is %j", (expression, tags, expected) => {
  expect(matches(expression, ...tags)).toBe(expected);
});

test.each([
  [
    " ",
    "at character 2: found the end, but allowed is only a function, ! or (; write a function such as Name(`…`) there",
  ],
  ["tag(`a`)", 'at character 1: there is no function "tag", allowed are Tag and TagRegex; write Tag'],
  [
    "Tag(`a`, `b`)",
    "at character 1: Tag takes 1 argument, found 2; write one function for each tag, joined by || or &&",
  ],
  ["Tag()", "at character 1: Tag takes 1 argument, found 0; write one function for each tag, joined by || or &&"],
  ["Tag('a')", 'at character 5: found \', but strings stand in `…` or "…"; write the string in backquotes'],
  [
    "true",
    'at character 1: "true" has no arguments, but allowed is only a function with arguments in parentheses; write true(`…`), without a line break before the parenthesis',
  ],
  [
    "Tag(`a`) & Tag(`b`)",
    'at character 10: found "&", but allowed are names, strings in `…` or "…", &&, ||, ! and parentheses; write &&',
  ],
])("%j is refused: %s", (expression, message) => {
  expect(matches(expression)).toBe(message);
});

test("an expression of more than 65,536 characters is refused", () => {
  expect(matches(`Tag(\`${"a".repeat(65_530)}\`)`)).toContain("it has 65537 characters, at most 65536 are allowed");
});

test("a pattern that makes others backtrack for ever is matched at once", () => {
  const startedAt = performance.now();
  expect(matches("TagRegex(`^(a+)+$`)", `${"a".repeat(50_000)}!`)).toBe(false);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
