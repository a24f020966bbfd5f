import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { normalize } from "../../src/core/traefik/normalize.ts";
import { compileTemplate } from "../../src/go-template/go-template.ts";
import { type Oracle, startOracle } from "../support/oracle.ts";
import { findTool } from "../support/real-binaries.ts";
import { templates } from "./generators/template-texts.ts";

const LABELS = { "traefik.host": "h.example.org", plain: "p", a: "lab" };

const tool = await findTool("oracle");

/** What the template makes of a service here; no text where it is refused or fails. */
function ours(text: string, name: string): string | undefined {
  const compiled = compileTemplate(text, ["Name", "Labels"], { normalize });
  if (compiled.kind === "refused") return undefined;
  const rendering = compiled.render({ Name: name, Labels: new Map(Object.entries(LABELS)) });
  return rendering.kind === "rendered" ? rendering.text : undefined;
}

describe.skipIf(tool === undefined)("templates mean what they mean to Traefik", () => {
  let oracle: Oracle;
  beforeAll(() => {
    if (tool !== undefined) oracle = startOracle(tool);
  });
  afterAll(() => oracle.stop());

  test("generated templates", async () => {
    let rendered = 0;
    let failed = 0;
    await fc.assert(
      fc.asyncProperty(templates, fc.constantFrom("web", "my.Web_Svc-2xx ä", "", "中 文"), async (text, name) => {
        const answer = await oracle.ask({ op: "template", text, name, labels: LABELS });
        expect(answer.panic).toBeUndefined();
        if (answer.rule === undefined) failed++;
        else rendered++;
        // Half a character reaches the oracle's JSON as U+FFFD; here it is a failure, since no file can hold it.
        if (answer.rule?.includes("\ufffd") === true) return;
        expect({ text, name, rule: ours(text, name) }).toEqual({ text, name, rule: answer.rule });
      }),
      { seed: 5, numRuns: 3_000 },
    );
    expect(rendered).toBeGreaterThan(1_500);
    expect(failed).toBeGreaterThan(300);
  });
});
