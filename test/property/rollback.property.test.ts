import fc from "fast-check";
import { expect, test } from "vitest";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import type { Decision } from "../../src/core/decision.ts";
import type { Memory } from "../../src/core/memory.ts";
import { rolledBack } from "../../src/daemon/rollback.ts";
import { anyCatalog } from "../builders/arbitrary.ts";
import { instance, NOW_MS, pass, snapshot } from "../builders/world.ts";

/** Longer than any hold, grace or name that is kept. */
const LONG_MS = 24 * 3_600_000;

/** The decision when holds, graces and kept names have run out, each confirmed by a consistent read. */
function atRest(instances: readonly ServiceInstance[], previous: Memory, fromMs: number): Decision {
  const at = (nowMs: number, memory: Memory) =>
    pass([], { previous: memory, snapshots: [snapshot(instances, { confirmedAtMs: nowMs })], nowMs });
  let decision = at(fromMs + LONG_MS, previous);
  for (let step = 2; step <= 6; step += 1) decision = at(fromMs + step * LONG_MS, decision.memory);
  return decision;
}

function isShadowing({ diagnostics }: Decision): boolean {
  return diagnostics.some(({ code }) => code === "SHADOWS_OWNED_HOST" || code === "HOST_SHADOWED");
}

test("after a rollback and its release the chart comes to rest as the live one does, whose names and hosts stay theirs", () => {
  fc.assert(
    fc.property(anyCatalog, anyCatalog, (before, live) => {
      const earlier = pass(before);
      const current = pass(live, { previous: earlier.memory });
      const without = atRest(live, current.memory, NOW_MS);
      // A router for many hosts is judged by whether it was published before a host was owned: that is another past.
      fc.pre(!isShadowing(current) && !isShadowing(without));
      expect(atRest(live, rolledBack(current.memory, earlier.chart), NOW_MS).text).toBe(without.text);
    }),
  );
});

test("a host that is owned when a chart from before its owner is published stays that owner's", () => {
  const named = (service: string, createIndex: number) =>
    instance({
      service,
      id: service,
      createIndex,
      tags: ["traefik.enable=true", `traefik.http.routers.${service}.rule=Host(\`app.test\`)`],
    });
  const earlier = pass([]);
  const owner = pass([named("owner", 20)], { previous: earlier.memory });
  const rolled = rolledBack(owner.memory, earlier.chart);
  const released = pass([named("owner", 20), named("squatter", 10)], { previous: rolled });
  expect([...released.chart["http/routers"].keys()]).toEqual(["owner"]);
});
