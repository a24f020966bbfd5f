import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import { explainChanges } from "../../src/core/changes/explain-changes.ts";
import type { Decision } from "../../src/core/decision.ts";
import { passOf } from "../../src/core/decision.ts";
import type { Diagnostic } from "../../src/core/diagnostics/diagnostics.ts";
import { finish } from "../../src/core/incremental/steps.ts";
import { initialMemory } from "../../src/core/memory.ts";
import {
  type ConfigValue,
  type DynamicConfig,
  isConfigObject,
  SECTIONS,
} from "../../src/core/traefik/chart/dynamic-config.ts";
import { parseChart } from "../../src/core/traefik/chart/parse-chart.ts";
import { endpointOf, serversOf } from "../../src/core/traefik/chart/servers.ts";
import { findEmptyObject } from "../../src/core/traefik/decode/empty-object.ts";
import { anyCatalog } from "../builders/arbitrary.ts";
import { NOW_MS, pass, settings, snapshot } from "../builders/world.ts";

function urlsBehind(chart: DynamicConfig, router: string): readonly string[] {
  const service = chart["http/services"].get(String(chart["http/routers"].get(router)?.["service"]));
  return service === undefined ? [] : serversOf(service).map(endpointOf);
}

function taken(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter(
    ({ code }) => code === "NAME_TAKEN" || code === "HOST_TAKEN" || code === "SHADOWS_OWNED_HOST",
  );
}

function deepFreeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const child of Object.values(value)) deepFreeze(child);
}

function emptyObjects(value: ConfigValue | undefined): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + emptyObjects(item), 0);
  if (!isConfigObject(value)) return 0;
  const children = Object.values(value);
  return children.length === 0 ? 1 : children.reduce((sum: number, child) => sum + emptyObjects(child), 0);
}

describe("a pass", () => {
  test("is the same for the same input, and changes nothing that it is given", () => {
    fc.assert(
      fc.property(anyCatalog, anyCatalog, (before, after) => {
        deepFreeze(before);
        deepFreeze(after);
        const previous = pass(before).memory;
        const first = pass(after, { previous });
        const second = pass(after, { previous });
        expect(second.text).toBe(first.text);
        expect(second.diagnostics).toEqual(first.diagnostics);
        expect(second.lookAgainAtMs).toBe(first.lookAgainAtMs);
      }),
    );
  });

  test("comes to the same whether its instances were seen before or are equal copies", () => {
    fc.assert(
      fc.property(anyCatalog, anyCatalog, (before, after) => {
        const both = [...before, ...after];
        const remembered = pass(both, { previous: pass(before).memory });
        const anew = pass(structuredClone(both), { previous: pass(structuredClone(before)).memory });
        expect(anew.text).toBe(remembered.text);
        expect(anew.changes).toEqual(remembered.changes);
        expect(anew.diagnostics).toEqual(remembered.diagnostics);
      }),
    );
  });

  test("does not depend on the order of the instances", () => {
    fc.assert(
      fc.property(
        anyCatalog.chain((catalog) =>
          fc.tuple(fc.constant(catalog), fc.shuffledSubarray([...catalog], { minLength: catalog.length })),
        ),
        ([catalog, shuffled]) => {
          expect(pass(shuffled).text).toBe(pass(catalog).text);
        },
      ),
    );
  });

  test("changes nothing when it is repeated with what the first one remembers", () => {
    fc.assert(
      fc.property(anyCatalog, anyCatalog, (before, after) => {
        const first = pass(after, { previous: pass(before).memory });
        const second = pass(after, { previous: first.memory });
        expect(second.text).toBe(first.text);
        expect(second.changes).toEqual([]);
      }),
    );
  });

  test("comes to the same after a restart that kept its state", () => {
    fc.assert(
      fc.property(anyCatalog, anyCatalog, (before, after) => {
        const running = pass(before);
        const restarted = initialMemory(parseChart(running.text), running.memory);
        const { memory } = pass(before, { previous: restarted, snapshot: { freshness: "stored" } });
        expect(pass(after, { previous: memory }).text).toBe(pass(after, { previous: running.memory }).text);
      }),
    );
  });

  test("loses no addition to a guard: all that would be routed without a past is routed with one", () => {
    fc.assert(
      fc.property(anyCatalog, anyCatalog, (before, after) => {
        const alone = pass(after);
        const { chart, diagnostics } = pass(after, { previous: pass(before).memory });
        // Where the past decides otherwise whose a name or a host is, no guard is to blame.
        fc.pre(JSON.stringify(taken(diagnostics)) === JSON.stringify(taken(alone.diagnostics)));
        for (const [router, object] of alone.chart["http/routers"]) {
          expect(chart["http/routers"].get(router)).toEqual(object);
          expect(urlsBehind(chart, router)).toEqual(urlsBehind(alone.chart, router));
        }
      }),
    );
  });

  test("keeps every router that was served and whose owner still asks for it", () => {
    fc.assert(
      fc.property(anyCatalog, anyCatalog, (before, newcomers) => {
        const served = pass(before);
        const keys = new Set(before.map(keyOf));
        const after = pass(
          [...before, ...newcomers.filter((one) => !keys.has(keyOf(one)) && isNewService(one, before))],
          {
            previous: served.memory,
          },
        );
        for (const router of served.chart["http/routers"].keys()) {
          const urls = urlsBehind(served.chart, router);
          expect(urlsBehind(after.chart, router), router).toEqual(expect.arrayContaining([...urls]));
        }
      }),
    );
  });

  test("never leaves an object empty where Traefik would refuse the file", () => {
    fc.assert(
      fc.property(anyCatalog, (catalog) => {
        const { chart } = pass(catalog);
        for (const section of SECTIONS) {
          for (const [name, object] of chart[section]) expect(findEmptyObject(section, object), name).toBeUndefined();
        }
        for (const middleware of chart["http/middlewares"].values()) expect(emptyObjects(middleware)).toBe(0);
      }),
    );
  });

  test("never leaves a Go template, and never lets a router reach for something that is not there", () => {
    fc.assert(
      fc.property(anyCatalog, (catalog) => {
        const { chart, text } = pass(catalog);
        expect(text).not.toContain("{{");
        for (const [name, router] of chart["http/routers"]) {
          const service = String(router["service"]);
          expect(service.includes("@") || chart["http/services"].has(service), name).toBe(true);
        }
      }),
    );
  });

  test("looks again only in the future", () => {
    fc.assert(
      fc.property(anyCatalog, anyCatalog, (before, after) => {
        const { lookAgainAtMs } = pass(after, { previous: pass(before).memory });
        if (lookAgainAtMs !== undefined) expect(lookAgainAtMs).toBeGreaterThan(NOW_MS);
      }),
    );
  });
});

test("equal charts differ in nothing", () => {
  fc.assert(
    fc.property(anyCatalog, (catalog) => {
      const { chart, memory }: Decision = pass(catalog);
      const around = passOf({ snapshots: [snapshot(catalog)], settings: settings(), nowMs: NOW_MS });
      const none = new Map();
      const same = {
        ...{ chartBefore: chart, chart, from: memory.changes, diagnostics: [] },
        ...{ left: none, reasons: none, replaced: none, reused: none },
      };
      expect(finish(explainChanges(around, same, memory.changes)).value).toEqual([]);
    }),
  );
});

function keyOf({ namespace, node, id, service }: ServiceInstance): string {
  return JSON.stringify([namespace, node, id, service]);
}

/** Another catalog service than all that are there: one's own instances may redefine one's routers. */
function isNewService({ namespace, service }: ServiceInstance, catalog: readonly ServiceInstance[]): boolean {
  return catalog.every((one) => one.service !== service || one.namespace !== namespace);
}
