import fc from "fast-check";
import { expect, test } from "vitest";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import { initialMemory } from "../../src/core/memory.ts";
import { MOST_ASLEEP, MOST_ASLEEP_MS } from "../../src/core/removals/sleepers.ts";
import { parseChart } from "../../src/core/traefik/chart/parse-chart.ts";
import { instance, NOW_MS, pass, settings } from "../builders/world.ts";

const UNGUARDED = settings({ guard: { removalCount: 100_000 } });
const GRACE_MS = UNGUARDED.routes.zeroInstanceGraceMs;
const HOUR_MS = 3_600_000;

function named(service: string, port: number, isKept: boolean, rule?: string): ServiceInstance {
  const own = rule === undefined ? [] : [`traefik.http.routers.${service}.rule=${rule}`];
  const tags = ["traefik.enable=true", ...(isKept ? ["portolan.keep=true"] : []), ...own];
  return instance({ service, id: service, port, tags, createIndex: port });
}

const AWAKE = [1, 2, 3].map((n) => named(`awake-${n}`, 24_000 + n, false));
const FLOOD = Array.from({ length: MOST_ASLEEP.ofNode + 20 }, (_, n) => named(`flood-${n}`, 26_000 + n, true));
const INNOCENT = named("innocent", 24_010, true);

/** What others do in one step: how many are there, whether they ask to be kept, and whether they are after the innocent's host. */
const anyStep = fc.record({
  afterMs: fc.constantFrom(1_000, 60_000, GRACE_MS + 1, HOUR_MS, 24 * HOUR_MS),
  isRestart: fc.boolean(),
  others: fc.uniqueArray(fc.record({ number: fc.nat(5), isKept: fc.boolean(), isThief: fc.boolean() }), {
    maxLength: 6,
    selector: ({ number }) => number,
  }),
  /** Rarely: it takes time. */
  isFlood: fc.nat(5).map((n) => n === 0),
});

test("a service that sleeps keeps its router and its host for a week, whatever others do, and nobody longer than that", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 2, maxLength: 6 }), (steps) => {
      let nowMs = NOW_MS;
      // It has been there for an hour: longer than those that come for a moment.
      let { memory, text } = pass([...AWAKE, INNOCENT], { settings: UNGUARDED, nowMs: nowMs - 100 * 24 * HOUR_MS });
      ({ memory, text } = pass([...AWAKE, INNOCENT], { previous: memory, settings: UNGUARDED, nowMs }));
      const seenAtMs = new Map<string, number>();
      const leftAtMs = nowMs + (steps[0]?.afterMs ?? 0);
      for (const { afterMs, isRestart, others, isFlood } of steps) {
        nowMs += afterMs;
        const there = others.map(({ number, isKept, isThief }) =>
          named(`other-${number}`, 25_000 + number, isKept, isThief ? "Host(`innocent`)" : undefined),
        );
        const all = [...AWAKE, ...there, ...(isFlood ? FLOOD : [])];
        for (const { service } of all) seenAtMs.set(service, nowMs);
        const previous = isRestart ? initialMemory(parseChart(text), memory) : memory;
        const decision = pass(all, { previous, settings: UNGUARDED, nowMs });
        ({ memory, text } = decision);
        const routers = decision.chart["http/routers"];
        if (nowMs < leftAtMs + MOST_ASLEEP_MS) {
          expect(routers.get("innocent")).toMatchObject({ rule: "Host(`innocent`)" });
          const rivals = [...routers].filter(([name, { rule }]) => name !== "innocent" && rule === "Host(`innocent`)");
          expect(rivals).toEqual([]);
        }
        const present = new Set(all.map(({ service }) => service));
        const asleep = [...routers.keys()].filter((name) => !present.has(name) && name !== "innocent");
        // Gone since the pass before the one that missed it: longer than a week is kept by no tag.
        for (const name of asleep)
          expect(nowMs - (seenAtMs.get(name) ?? 0)).toBeLessThan(MOST_ASLEEP_MS + 25 * HOUR_MS);
        expect(memory.removals.sleepers.size).toBeLessThanOrEqual(MOST_ASLEEP.ofNode + all.length);
      }
    }),
    { numRuns: 25 },
  );
});

test("without others a service that sleeps is gone at the end of its week", () => {
  let { memory } = pass([...AWAKE, INNOCENT], { settings: UNGUARDED });
  for (const afterMs of [1_000, MOST_ASLEEP_MS, MOST_ASLEEP_MS + 1_000]) {
    const decision = pass(AWAKE, { previous: memory, settings: UNGUARDED, nowMs: NOW_MS + afterMs });
    memory = decision.memory;
    expect(decision.chart["http/routers"].has("innocent")).toBe(afterMs <= MOST_ASLEEP_MS);
    expect(decision.lookAgainAtMs ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(
      afterMs <= MOST_ASLEEP_MS ? NOW_MS + 1_000 + MOST_ASLEEP_MS : Number.POSITIVE_INFINITY,
    );
  }
});
