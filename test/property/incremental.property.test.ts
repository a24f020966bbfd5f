import fc from "fast-check";
import { expect, test } from "vitest";
import { instancesByService } from "../../src/core/catalog/grouped-instances.ts";
import { type CatalogSnapshot, instanceKey, type ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import { initialMemory, type Memory, withoutCaches } from "../../src/core/memory.ts";
import { type Neighbours, NO_NEIGHBOURS } from "../../src/core/neighbours/neighbours.ts";
import { NO_OPERATOR_CONFIG, type OperatorConfig } from "../../src/core/operator-config/operator-config.ts";
import type { Hold } from "../../src/core/removals/hold.ts";
import { newConfig, resourceKey, type Section, sectionsMade } from "../../src/core/traefik/chart/dynamic-config.ts";
import { parseChart } from "../../src/core/traefik/chart/parse-chart.ts";
import { rolledBack } from "../../src/daemon/rollback.ts";
import { anyInstance } from "../builders/arbitrary.ts";
import { ledger } from "../builders/ledger.ts";
import { instance, NOW_MS, pass, settings } from "../builders/world.ts";

/* A pass takes from the one before what has not changed. What it comes to must be what a pass comes to that takes nothing. */

const name = fc.constantFrom("a", "b", "c");

/** Raised for a campaign of an hour; a hundred histories take a second. */
const RUNS = Number(process.env["RUNS"] ?? 100);

/** Tags of a world in which everybody wants the same few names, and refers to what others may define or not. */
const crowdedTag = fc.oneof(
  fc.tuple(name, name).map(([router, host]) => `traefik.http.routers.${router}.rule=Host(\`${host}\`)`),
  fc.tuple(name, name).map(([router, to]) => `traefik.http.routers.${router}.middlewares=${to}`),
  fc.tuple(name, name).map(([router, to]) => `traefik.http.routers.${router}.service=${to}`),
  fc.tuple(name, name).map(([one, to]) => `traefik.http.middlewares.${one}.chain.middlewares=${to}`),
  fc.tuple(name, name).map(([one, path]) => `traefik.http.middlewares.${one}.stripprefix.prefixes=/${path}`),
  fc.tuple(name, fc.boolean()).map(([one, yes]) => `traefik.http.services.${one}.loadbalancer.passhostheader=${yes}`),
  fc.tuple(name, name).map(([router, to]) => `traefik.tcp.routers.${router}.service=${to}`),
  fc.constantFrom("traefik.tcp.routers.a.rule=HostSNI(`*`)", "traefik.http.routers.a.priority=high"),
  fc.constantFrom("portolan.keep=true", "portolan.canary.weight=10"),
  fc
    .tuple(name, fc.constantFrom("path=/", "port=24001"))
    .map(([one, check]) => `traefik.http.services.${one}.loadbalancer.healthcheck.${check}`),
  fc.constantFrom("portolan.metrics=true", "portolan.metrics.port=24001", "portolan.metrics.port=many"),
);

const crowdedInstance: fc.Arbitrary<ServiceInstance> = fc
  .record({
    service: name,
    // One id is one registration, as in a catalog: another service under it takes the first one's place.
    id: fc.constantFrom("1", "2", "3", "4", "5", "6"),
    port: fc.integer({ min: 24_000, max: 24_003 }),
    tags: fc.array(crowdedTag, { maxLength: 3 }).map((tags) => ["traefik.enable=true", ...tags]),
    checks: fc.constantFrom("passing", "passing", "critical").map((status) => [{ id: "http", name: "http", status }]),
    createIndex: fc.nat(3),
  })
  .map((fields) => instance(fields));

const operatorConfig: fc.Arbitrary<OperatorConfig> = fc
  .array(fc.tuple(fc.constantFrom<Section>("http/routers", "http/middlewares", "http/services"), name, name), {
    maxLength: 2,
  })
  .map((entries) => {
    const config = newConfig();
    for (const [section, own, other] of entries) {
      const object = {
        "http/routers": { rule: `Host(\`${other}\`)`, service: other },
        "http/middlewares": { stripPrefix: { prefixes: [`/${other}`] } },
      }[section as string] ?? { loadBalancer: { servers: [{ url: `http://${other}` }] } };
      config[section].set(own, object);
    }
    const origins = new Map(entries.map(([section, own]) => [resourceKey(section, own), "own.yml"] as const));
    return { config, origins, diagnostics: [] };
  });

const neighbours: fc.Arbitrary<Neighbours> = fc
  .array(
    fc.tuple(
      fc.constantFrom<Section>("http/routers", "http/middlewares", "http/services"),
      name,
      fc.constantFrom<"operator" | "peer">("operator", "peer"),
    ),
    { maxLength: 2 },
  )
  .map((entries) => ({
    ...NO_NEIGHBOURS,
    names: new Map(
      entries.map(([section, own, whose]) => [
        resourceKey(section, own),
        {
          file: "beside.yml",
          isRead: "before" as const,
          ...(whose === "peer" ? { whose, shape: "another" } : { whose }),
        },
      ]),
    ),
  }));

type Step =
  | { readonly kind: "put"; readonly instance: ServiceInstance }
  | { readonly kind: "drop"; readonly position: number }
  | { readonly kind: "time"; readonly ms: number }
  | { readonly kind: "operator-config"; readonly operatorConfig: OperatorConfig }
  | { readonly kind: "settings"; readonly position: number }
  | { readonly kind: "neighbours"; readonly neighbours: Neighbours }
  | { readonly kind: "freshness"; readonly freshness: CatalogSnapshot["freshness"] }
  | { readonly kind: "rollback"; readonly position: number }
  | { readonly kind: "reorder" }
  | { readonly kind: "unpublished" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: crowdedInstance.map((one) => ({ kind: "put", instance: one }) as const) },
  { weight: 2, arbitrary: anyInstance.map((one) => ({ kind: "put", instance: one }) as const) },
  { weight: 4, arbitrary: fc.nat(20).map((position) => ({ kind: "drop", position }) as const) },
  { weight: 2, arbitrary: fc.constantFrom(1, 9_999, 30_000, 600_000).map((ms) => ({ kind: "time", ms }) as const) },
  { weight: 1, arbitrary: operatorConfig.map((next) => ({ kind: "operator-config", operatorConfig: next }) as const) },
  { weight: 1, arbitrary: fc.nat(3).map((position) => ({ kind: "settings", position }) as const) },
  { weight: 1, arbitrary: neighbours.map((next) => ({ kind: "neighbours", neighbours: next }) as const) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<CatalogSnapshot["freshness"]>("live", "live", "stored", "unread")
      .map((freshness) => ({ kind: "freshness", freshness }) as const),
  },
  { weight: 1, arbitrary: fc.nat(20).map((position) => ({ kind: "rollback", position }) as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "reorder" } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "unpublished" } as const) },
);

const declared = ledger({ ports: [{ ports: 24_001, owner: "a", exposure: "internal", purpose: "metrics" }] });
const damped = settings({ backends: { criticalGrace: "10s" }, routes: { flapping: { perMinute: 1, every: "10s" } } });
const SETTINGS = [
  settings({ backends: { failOpen: false } }),
  settings({ backends: { failOpen: true } }),
  { ...damped, ports: { ...damped.ports, ledger: declared } },
  settings({ routes: { keep: ["a"] } }),
];
/** The same as another object: what is kept for each settings object is kept from who remembers, too. */
const SAME_SETTINGS = SETTINGS.map((one) => ({ ...one }));

/** Each service's instances follow each other, as the sources have them. */
function together(instances: readonly ServiceInstance[]): readonly ServiceInstance[] {
  return [...instancesByService(instances).values()].flat();
}

/** Nothing is noted of copies: no comparison and no answer can go by what was changed in them. */
function withoutNotes(memory: Memory): Memory {
  const { published } = memory.chart;
  return {
    ...memory,
    owners: new Map(memory.owners),
    hosts: { ...memory.hosts, owners: new Map(memory.hosts.owners) },
    chart: { ...memory.chart, published: published && sectionsMade((section) => new Map(published[section])) },
  };
}

/** Which routers are held is a set; they are told in the order of the published chart, and that is history. */
function sorted(hold: Hold | undefined): Hold | undefined {
  return hold && { ...hold, routers: hold.routers.toSorted() };
}

/** Plays histories of a few crowded services, beside others to which nothing happens. */
function playHistories(quiet: readonly ServiceInstance[], runs: number): void {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), fc.boolean(), (steps, isTogether) => {
      const catalog = new Map<string, ServiceInstance>();
      let nowMs = NOW_MS;
      let known: OperatorConfig = NO_OPERATOR_CONFIG;
      let core = SETTINGS[0]!;
      let remembering = initialMemory(undefined);
      let forgetful = initialMemory(undefined);
      let beside = NO_NEIGHBOURS;
      let freshness: CatalogSnapshot["freshness"] = "live";
      const texts: string[] = [];
      for (const one of steps) {
        if (one.kind === "put") catalog.set(instanceKey(one.instance), one.instance);
        if (one.kind === "drop") catalog.delete([...catalog.keys()][one.position] ?? "");
        if (one.kind === "time") nowMs += one.ms;
        if (one.kind === "operator-config") known = one.operatorConfig;
        if (one.kind === "settings") core = SETTINGS[one.position]!;
        if (one.kind === "neighbours") beside = one.neighbours;
        if (one.kind === "freshness") freshness = one.freshness;
        if (one.kind === "rollback") {
          const text = texts.at(one.position % Math.max(texts.length, 1)) ?? "";
          remembering = rolledBack(remembering, parseChart(text));
          forgetful = rolledBack(forgetful, parseChart(text));
        }
        if (one.kind === "reorder") {
          const reversed = [...catalog].reverse();
          catalog.clear();
          for (const [key, other] of reversed) catalog.set(key, other);
        }
        const options = { nowMs, operatorConfig: known, neighbours: beside, snapshot: { freshness } };
        const registered = [...catalog.values()];
        const instances = [...(isTogether ? together(registered) : registered), ...quiet];
        const again = pass(instances, { ...options, settings: core, previous: remembering });
        const afresh = pass(structuredClone(instances), {
          ...options,
          settings: SAME_SETTINGS[SETTINGS.indexOf(core)]!,
          previous: withoutNotes(withoutCaches(forgetful)),
        });
        expect(again.text).toBe(afresh.text);
        expect(again.changes).toEqual(afresh.changes);
        expect(again.diagnostics).toEqual(afresh.diagnostics);
        expect(again.lookAgainAtMs).toBe(afresh.lookAgainAtMs);
        expect(new Map(again.memory.owners)).toEqual(new Map(afresh.memory.owners));
        expect(again.memory.removals.leftAtMs).toEqual(afresh.memory.removals.leftAtMs);
        expect(again.memory.removals.holds.map(sorted)).toEqual(afresh.memory.removals.holds.map(sorted));
        // A file that cannot be written leaves the memory of the pass before.
        if (one.kind === "unpublished") continue;
        texts.push(again.text);
        remembering = again.memory;
        forgetful = afresh.memory;
      }
    }),
    { numRuns: runs },
  );
}

test(
  "whatever happens, a pass that remembers the last one comes to the same as one that starts afresh",
  () => playHistories([], RUNS),
  60_000 + 100 * RUNS,
);

/** So many that maps share their entries with those of the last pass. */
const QUIET = Array.from({ length: 150 }, (_, position) =>
  instance({
    service: `quiet-${position}`,
    id: `quiet-${position}`,
    port: 25_000 + position,
    tags: ["traefik.enable=true", `traefik.http.routers.quiet-${position}.rule=Host(\`quiet-${position}\`)`],
  }),
);

test(
  "beside a hundred services that stay as they are, it comes to the same, too",
  () => playHistories(QUIET, Math.ceil(RUNS / 10)),
  60_000 + 100 * RUNS,
);
