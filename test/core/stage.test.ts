import { expect, test } from "vitest";
import { passOf } from "../../src/core/decision.ts";
import type { Diagnostic } from "../../src/core/diagnostics/diagnostics.ts";
import { diagnose } from "../../src/core/diagnostics/finding.ts";
import { finish } from "../../src/core/incremental/steps.ts";
import { createStageRunner, type Stage } from "../../src/core/stage.ts";
import { instance, NOW_MS, settings, snapshot } from "../builders/world.ts";

const PASS = passOf({ snapshots: [snapshot([])], settings: settings(), nowMs: NOW_MS });

/** A stage that counts its passes, reports a diagnostic with this message, and waits for these times. */
function counting(message: string, ...dueAtMs: readonly number[]): Stage<string, string, number> {
  return function* (pass, input, carry) {
    yield;
    const diagnostics: readonly Diagnostic[] = [diagnose(instance(), { code: "TAG_BAD_VALUE", message, remedy: "" })];
    return { value: `${input} at ${pass.nowMs}`, carry: carry + 1, diagnostics, dueAtMs };
  };
}

test("a stage gets the pass, its input and what it left to itself", () => {
  const result = finish(createStageRunner(PASS).run(counting("one"), "input", 7));
  expect(result).toMatchObject({ value: `input at ${NOW_MS}`, carry: 8 });
});

test("what the operator's files and the stages report is gathered in their order", () => {
  const own = diagnose(instance(), { code: "SNIPPET_REFUSED", message: "file", remedy: "" });
  const stages = createStageRunner({ ...PASS, operatorConfig: { ...PASS.operatorConfig, diagnostics: [own] } });
  finish(stages.run(counting("first"), "", 0));
  finish(stages.run(counting("second"), "", 0));
  expect(stages.diagnostics().map(({ message }) => message)).toEqual(["file", "first", "second"]);
});

test.each<[string, readonly number[][], number | undefined]>([
  ["no stage waits", [[], []], undefined],
  ["the earliest of all stages counts", [[NOW_MS + 9], [NOW_MS + 3, NOW_MS + 5]], NOW_MS + 3],
  ["a time that this very pass has considered does not", [[NOW_MS, NOW_MS - 1], [NOW_MS + 4]], NOW_MS + 4],
])("when to look again: %s", (_, times, expected) => {
  const stages = createStageRunner(PASS);
  for (const dueAtMs of times) finish(stages.run(counting("", ...dueAtMs), "", 0));
  expect(stages.lookAgainAtMs()).toBe(expected);
});
