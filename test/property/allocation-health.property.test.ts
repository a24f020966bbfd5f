import fc from "fast-check";
import { expect, test } from "vitest";
import type { DeploymentHealth } from "../../src/core/catalog/allocation.ts";
import { allocationHealth, HEALTH_SOURCES } from "../../src/core/catalog/allocation-health.ts";
import { allocationWord } from "../../src/core/catalog/allocation-word.ts";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import { type DynamicConfig, SECTIONS } from "../../src/core/traefik/chart/dynamic-config.ts";
import { endpointOf, serversOf } from "../../src/core/traefik/chart/servers.ts";
import { allocation } from "../builders/allocation.ts";
import { instance, NOW_MS, pass } from "../builders/world.ts";

const NEWS = fc.record({
  number: fc.nat(4),
  clientStatus: fc.constantFrom("pending", "running", "unknown", "complete", "failed"),
  deployment: fc.constantFrom<DeploymentHealth>("none", "undecided", "healthy", "unhealthy"),
  isCanary: fc.boolean(),
  isStopped: fc.boolean(),
  isLeaving: fc.boolean(),
  checks: fc.constantFrom([], ["success"], ["pending"], ["failure"], ["success", "failure"], undefined),
  by: fc.constantFrom(...HEALTH_SOURCES),
});
type News = typeof NEWS extends fc.Arbitrary<infer T> ? T : never;

/** An allocation's service as Nomad registers it. */
function told(service: string, { number, checks, by, ...state }: News): ServiceInstance {
  const id = `${String(number).repeat(8)}-71f5-4656-89a1-3ec35d408ad9`;
  const port = 24_000 + number;
  const own = instance({
    ...{ catalog: "nomad", service, id: `_nomad-task-${id}-group-web-${service}-http`, port },
    ...{ job: service, namespace: "default", checks: [], createIndex: 20 + number },
  });
  const placed = allocation({ id, job: service, ...state });
  const results = checks?.map((status, n) => ({ service, name: `check-${n}`, status }));
  const word = allocationWord(own, placed, "n", allocationHealth(placed, results, by));
  return word === undefined ? own : { ...own, allocation: word };
}

function portsOf(chart: DynamicConfig, name: string): readonly number[] {
  return SECTIONS.flatMap((section) => {
    const service = section.endsWith("/services") ? chart[section].get(name) : undefined;
    return service === undefined ? [] : serversOf(service).map((one) => Number(endpointOf(one).split(":").at(-1)));
  });
}

const INNOCENT: News = {
  ...{ number: 9, clientStatus: "running", deployment: "healthy", isCanary: false, isStopped: false, isLeaving: false },
  ...{ checks: ["success"], by: "checks" },
};

test("whatever Nomad says of others, and in whatever order, an innocent service keeps its route", () => {
  fc.assert(
    fc.property(fc.array(fc.uniqueArray(NEWS, { selector: ({ number }) => number }), { maxLength: 8 }), (states) => {
      let previous = pass([told("innocent", INNOCENT)]).memory;
      states.forEach((state, step) => {
        const instances = [told("innocent", INNOCENT), ...state.map((one) => told("shop", one))];
        const { chart, memory } = pass(instances, { previous, nowMs: NOW_MS + (step + 1) * 120_000 });
        previous = memory;
        expect(portsOf(chart, "innocent")).toEqual([24_009]);
      });
    }),
  );
});

test("who serves follows from what Nomad says now alone: a sound one always, one that is not fit never", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uniqueArray(NEWS, { selector: ({ number }) => number, minLength: 1 }), {
        minLength: 1,
        maxLength: 6,
      }),
      (states) => {
        let previous = pass([told("innocent", INNOCENT)]).memory;
        states.forEach((state, step) => {
          const own = state.map((one) => told("shop", one));
          const instances = [told("innocent", INNOCENT), ...own];
          const { chart, memory } = pass(instances, { previous, nowMs: NOW_MS + (step + 1) * 120_000 });
          previous = memory;
          const fresh = pass([...instances].reverse()).chart;
          // What is held is not served by what is said now; it is compared where nothing is.
          if (memory.removals.holds.length === 0) {
            expect([...portsOf(chart, "shop")].sort()).toEqual([...portsOf(fresh, "shop")].sort());
          }
          for (const { port, allocation: word } of own) {
            if (word?.kind !== "of-job" || memory.removals.holds.length > 0) continue;
            const status = word.health?.status ?? "passing";
            const isSound = status === "passing" && !word.isStopped && !word.isLeaving && !word.isCanary;
            const isUnfit = word.hasEnded || ["pending", "critical", "failed"].includes(status);
            if (isSound) expect(portsOf(chart, "shop")).toContain(port);
            if (isUnfit) expect(portsOf(chart, "shop")).not.toContain(port);
          }
        });
      },
    ),
  );
});
