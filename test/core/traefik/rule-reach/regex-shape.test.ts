import fc from "fast-check";
import { expect, test } from "vitest";
import { shapesOf } from "../../../../src/core/traefik/rule-reach/regex-shape.ts";
import { compileRegex } from "../../../../src/go/regex.ts";

const pieces = fc.constantFrom(
  "a",
  "b",
  ".",
  "\\.",
  "[ab]",
  "[^a]",
  "[.]",
  "[]a]",
  "(a|b)",
  "(?:ab|)",
  "(a)?",
  "a*",
  "b+",
  "a{2}",
  "^",
  "$",
  "|",
  "\\w",
  "(?i)",
  "(a.b|c)",
  "((a)b)",
  "?",
  "a{2,}?",
  "\\b",
  "-",
  "é",
);
const texts = fc
  .array(fc.constantFrom("a", "b", ".", "c", "ab", "é", "-"), { maxLength: 6 })
  .map((all) => all.join(""));

test("every text that a pattern matches has one of its shapes", () => {
  let matched = 0;
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 6 }),
      fc.array(texts, { minLength: 20, maxLength: 20 }),
      (parts, tried) => {
        const pattern = parts.join("");
        const compiled = compileRegex(pattern);
        const found = shapesOf(pattern);
        if (compiled.kind === "refused" || found === undefined) return;
        for (const text of tried.filter((one) => compiled.regex.isMatch(one))) {
          matched += 1;
          const lower = found.ignoresCase ? text.toLowerCase() : text;
          const isInside = found.shapes.some(({ prefix, suffix, isExact }) =>
            isExact ? lower === prefix : lower.startsWith(prefix) && lower.endsWith(suffix),
          );
          expect({ pattern, text, isInside }).toMatchObject({ isInside: true });
        }
      },
    ),
    { numRuns: 1_000 },
  );
  expect(matched).toBeGreaterThan(100);
});

test("a pattern that grows is not taken apart", () => {
  expect(shapesOf(`^${"(a|b)".repeat(8)}$`)).toBeUndefined();
  expect(shapesOf(`${"(".repeat(30)}a${")".repeat(30)}`)).toBeUndefined();
});
