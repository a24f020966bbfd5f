import { describe, expect, test } from "vitest";
import type { Decision } from "../../src/core/decision.ts";
import { readCases } from "./case-file.ts";
import { historiesOf, ordersOf } from "./orders.ts";
import { dumpOutcome, type Outcome, outcomeOf } from "./outcome.ts";
import { playCase } from "./play.ts";

const cases = readCases().filter(({ everyOrder }) => everyOrder === true);

/** What a history comes to, without what tells of the way there. Diagnostics stand in the order of the instances. */
function comesTo(decision: Decision, expected: Outcome): string {
  const { changes: _, ...actual } = outcomeOf(decision, false);
  const left = [...expected.diagnostics];
  const diagnostics = actual.diagnostics.map((found) => {
    const at = left.findIndex(
      ({ code, subject, message }) =>
        code === found.code && subject === found.subject && found.message.includes(message),
    );
    return at < 0 ? found : (left.splice(at, 1)[0] ?? found);
  });
  return sorted({ ...actual, changes: undefined, diagnostics });
}

function sorted({ diagnostics, ...outcome }: Outcome): string {
  const order = diagnostics.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return dumpOutcome({ ...outcome, diagnostics: order });
}

describe("in every order of registration", () => {
  test.each(cases.map((golden) => [golden.name, golden] as const))("%s", (_, golden) => {
    expect(golden.previous, "a case with a past has an order").toBeUndefined();
    expect(golden.services.filter(({ createIndex }) => createIndex !== undefined)).toEqual([]);
    const expected = sorted(golden.outcome);
    // Most histories come to the same bytes: those are parsed once.
    const settled = new Set<string>();
    for (const order of ordersOf(golden.services)) {
      const names = order.map(({ service, id = service }) => id).join(", ");
      for (const [how, history] of Object.entries(historiesOf(golden, order))) {
        const decision = playCase(history);
        const { text, diagnostics, memory } = decision;
        const raw = JSON.stringify([text, diagnostics, memory.removals.holds]);
        if (settled.has(raw)) continue;
        expect(comesTo(decision, golden.outcome), `${names}: ${how}`).toBe(expected);
        settled.add(raw);
      }
    }
  });

  test("is shown for the inputs that orders have broken", () => {
    expect(cases.length).toBeGreaterThanOrEqual(12);
  });
});
