import { expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import type { Decision } from "../../../src/core/decision.ts";
import { initialMemory } from "../../../src/core/memory.ts";
import { parseChart } from "../../../src/core/traefik/chart/parse-chart.ts";
import { instance, NOW_MS, pass } from "../../builders/world.ts";

/** A service with a router of its name, whose rule costs about a thousand times so much. */
function costing(service: string, thousands: number, createIndex: number): ServiceInstance {
  const rule = `Host(\`${service}\`) && PathRegexp(\`^/${service}${"[a-z]{1000}".repeat(thousands)}$\`)`;
  const tags = ["traefik.enable=true", `traefik.http.routers.${service}.rule=${rule}`];
  return instance({ service, id: service, createIndex, tags });
}

const OWNER = costing("owner", 9, 5);
const OTHER = costing("other", 18, 6);
const WAITING = costing("waiting", 6, 7);

function routersOf({ chart }: Decision): readonly string[] {
  return [...chart["http/routers"].keys()].sort();
}

test.each([
  ["is critical for a moment", [{ ...OWNER, checks: [{ id: "c", name: "c", status: "critical" as const }] }]],
  ["is registered anew", []],
])(
  "what the rules of a service cost is not given to one that waits while it %s, also over a restart",
  (_, meanwhile) => {
    const before = pass([OWNER, OTHER, WAITING]);
    expect(routersOf(before)).toEqual(["other", "owner"]);
    const away = pass([...meanwhile, OTHER, WAITING], { previous: before.memory, nowMs: NOW_MS + 1_000 });
    expect(routersOf(away)).toEqual(["other", "owner"]);
    const returned = { ...OWNER, createIndex: 99 };
    for (const previous of [away.memory, initialMemory(parseChart(away.text), away.memory)]) {
      const back = pass([returned, OTHER, WAITING], { previous, nowMs: NOW_MS + 3_000 });
      expect(routersOf(back)).toEqual(["other", "owner"]);
      expect(back.chart["http/services"].get("owner")).toEqual(before.chart["http/services"].get("owner"));
    }
  },
);

test("what it cost is free for others when it is routed again without it, and when its time is over", () => {
  const before = pass([OWNER, OTHER, WAITING]);
  const changed = instance({ service: "owner", id: "owner", tags: ["traefik.enable=true"], createIndex: 5 });
  const without = pass([changed, OTHER, WAITING], { previous: before.memory, nowMs: NOW_MS + 1_000 });
  expect(routersOf(without)).toEqual(["other", "owner", "waiting"]);
  const away = pass([OTHER, WAITING], { previous: before.memory, nowMs: NOW_MS + 1_000 });
  const over = pass([OTHER, WAITING], { previous: away.memory, nowMs: NOW_MS + 700_000 });
  const next = pass([OTHER, WAITING], { previous: over.memory, nowMs: NOW_MS + 701_000 });
  expect(routersOf(next)).toEqual(["other", "waiting"]);
});
