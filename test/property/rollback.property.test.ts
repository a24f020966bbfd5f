import fc from "fast-check";
import { expect, test } from "vitest";
import type { Memory } from "../../src/core/memory.ts";
import type { ServiceInstance } from "../../src/core/snapshot.ts";
import { rolledBack } from "../../src/daemon/rollback.ts";
import { anyCatalog } from "../builders/arbitrary.ts";
import { NOW_MS, pass, slice } from "../builders/world.ts";

/** Longer than any hold, grace or name that is kept. */
const LONG_MS = 24 * 3_600_000;

/** The chart when holds, graces and kept names have run out, each confirmed by a consistent read. */
function atRest(instances: readonly ServiceInstance[], previous: Memory, fromMs: number): string {
  let memory = previous;
  let text = "";
  for (let step = 1; step <= 6; step += 1) {
    const nowMs = fromMs + step * LONG_MS;
    const decision = pass([], { previous: memory, slices: [slice(instances, { confirmedAtMs: nowMs })], nowMs });
    ({ memory, text } = decision);
  }
  return text;
}

test("after a rollback and its release the chart comes to rest where it would be without", () => {
  fc.assert(
    fc.property(anyCatalog, anyCatalog, anyCatalog, (before, live, later) => {
      const earlier = pass(before);
      const current = pass(live, { previous: earlier.memory });
      const pinned = rolledBack(current.memory, earlier.chart);
      expect(atRest(later, pinned, NOW_MS)).toBe(atRest(later, current.memory, NOW_MS));
    }),
  );
});
