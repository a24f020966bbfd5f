import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileConstraints } from "../../src/core/traefik/constraints/compile.ts";
import { type Oracle, startOracle } from "../support/oracle.ts";
import { findTool } from "../support/real-binaries.ts";
import { expressions, patterns } from "./generators/expressions.ts";

const TAGS = ["a", "b", "traefik.enable=true", "é", "😀", "a\rb", "", "aaa", "A", "x y", "ab"];

const tool = await findTool("oracle");

describe.skipIf(tool === undefined)("constraints mean what they mean to Traefik", () => {
  let oracle: Oracle;
  beforeAll(() => {
    if (tool !== undefined) oracle = startOracle(tool);
  });
  afterAll(() => oracle.stop());

  async function compare(expression: string, tags: readonly string[]) {
    const compiled = compileConstraints(expression);
    const answer = await oracle.ask({ op: "constraint", expression, tags });
    expect(answer.panic).toBeUndefined();
    const ours = compiled.kind === "compiled" ? compiled.matches(tags) : "refused";
    expect({ expression, tags, judgement: ours }).toEqual({ expression, tags, judgement: answer.matches ?? "refused" });
  }

  const tags = fc.subarray(TAGS);

  test("generated expressions", async () => {
    const texts = expressions({
      functions: { Tag: ["`a`", '"é"'], TagRegex: ["`^a`"] },
      texts: [...TAGS, "^a", "a$", "(?i)A", "(", "."],
    });
    await fc.assert(fc.asyncProperty(texts, tags, compare), { seed: 3, numRuns: 4_000 });
  });

  test("generated regular expressions", async () => {
    const texts = patterns.map((pattern) => `TagRegex(${JSON.stringify(pattern)})`);
    await fc.assert(fc.asyncProperty(texts, tags, compare), { seed: 4, numRuns: 4_000 });
  });

  test.each(["", " ", "\n", "!TagRegex(`(`)", "Tag(`a`) || Tag(`b`) && Tag(`c`)", "tag(`a`)", "Tag('a')", "true"])(
    "%j",
    (expression) => compare(expression, ["a"]),
  );
});
