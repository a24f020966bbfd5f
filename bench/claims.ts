import { parsePolicy } from "../src/config/files/policy-file.ts";
import { settingsSchema } from "../src/config/files/schema.ts";
import { coreSettings } from "../src/config/resolve/core-settings.ts";
import { type GroupedInstances, groupInstances } from "../src/core/catalog/grouped-instances.ts";
import type { ServiceInstance } from "../src/core/catalog/snapshot.ts";
import { passOf } from "../src/core/decision.ts";
import { NO_HOSTS_CARRY } from "../src/core/hosts/carry.ts";
import { judgeHosts } from "../src/core/hosts/judge-hosts.ts";
import { finish } from "../src/core/incremental/steps.ts";
import { bestState, type TranslatedServices } from "../src/core/instances/instance-state.ts";
import { translateServices } from "../src/core/instances/translated-services.ts";
import { initialMemory, lastPassOf } from "../src/core/memory.ts";
import type { Merged } from "../src/core/merge/merge.ts";
import { mergeServices } from "../src/core/merge/merge.ts";
import type { MergeMemory } from "../src/core/merge/merge-memory.ts";
import { NO_OPERATOR_CONFIG } from "../src/core/operator-config/operator-config.ts";
import { permit } from "../src/core/policy/permit.ts";
import { judgeRemovals } from "../src/core/removals/guard.ts";
import { findRemovals, servedRouters } from "../src/core/removals/removal.ts";
import type { CoreSettings } from "../src/core/settings.ts";
import { watchOthers } from "./busyness.ts";
import { createWorld, snapshotOf } from "./world.ts";

/*
 * What it costs to judge who may have what and what may leave: npm run bench:claims. Times in milliseconds; the least one
 * is what it costs where nothing else runs.
 */

const SCRATCH = "policy, claims and guards from scratch";
const CHANGE = "policy, claims and guards after one change";

const SERVICES = 5_000;
const ROUNDS = 20;

const plain = coreSettings(settingsSchema.parse({ output: { file: "portolan.yml" }, stateDir: "." }));
const world = createWorld({ services: SERVICES, instances: 3, nodes: 50, ports: [24_001, 24_002, 24_003] }).map(
  snapshotOf,
);
/** Ten rules for many hosts, which are compared with every host, and a host that two ask for. */
const troublesome = world.slice(0, 12).map((one, i) => ({
  ...one,
  service: `trouble-${i}`,
  id: `trouble-${i}`,
  createIndex: 1_000_000,
  tags: [
    "traefik.enable=true",
    i < 10
      ? `traefik.http.routers.trouble-${i}.rule=HostRegexp(\`^x${i}.+\\.example\\.org$\`)`
      : `traefik.http.routers.trouble-${i}.rule=Host(\`taken.example.org\`)`,
  ],
}));

/** Fifty rules for fifty teams, and one for the rest. */
const parsed = parsePolicy({
  networks: ["10.0.0.0/8", "192.168.0.0/16", "127.0.0.0/8"],
  rules: [
    ...Array.from({ length: 50 }, (_, team) => ({
      service: `team-${team}-*`,
      hosts: [`*.team-${team}.example.org`],
      entryPoints: ["websecure"],
      maxPriority: 100,
    })),
    { hosts: ["*"], paths: ["/"], maxPriority: 1_000, backends: ["127.0.0.0/8", "0.0.0.0/0"] },
  ],
});
if (parsed.kind === "refused") throw new Error(parsed.errors.join("\n"));
const ruled: CoreSettings = { ...plain, policy: parsed.policy };

interface Merging {
  readonly grouped: GroupedInstances;
  readonly merged: Merged;
  readonly memory: MergeMemory;
  readonly services: TranslatedServices;
}

/** What the last pass has published. */
type Last = ReturnType<typeof lastPassOf>;

const NOTHING: Last = lastPassOf(initialMemory(undefined));

function merge(
  instances: readonly ServiceInstance[],
  published: Last,
  settings: CoreSettings,
  before?: Merging,
): Merging {
  const grouped = groupInstances(instances, before?.grouped);
  const services = translateServices(grouped, settings, before);
  const snapshots = [{ source: "bench", instances, freshness: "live", readAtMs: 0 }] as const;
  const pass = passOf({ snapshots, settings, nowMs: 0 });
  const { value: merged, carry: memory } = finish(mergeServices(pass, { services, published }, before?.memory));
  return { grouped, services, merged, memory };
}

function judge({ merged, services }: Merging, previous: Last, settings: CoreSettings, carry = NO_HOSTS_CARRY) {
  const { config, definitionOf, owners, resolved } = merged;
  const pass = { settings, nowMs: 0, operatorConfig: NO_OPERATOR_CONFIG, snapshots: [] };
  const input = { config, definitionOf, owners, services, previous, changedRouters: resolved, leftOut: new Map() };
  return finish(judgeHosts(pass, input, carry));
}

function guard({ merged, services }: Merging, last: Last): void {
  const removed = findRemovals(merged.config, last, new Map(), (service) => bestState(services, service));
  judgeRemovals({
    removed: removed.map(({ router }) => router),
    removedLately: [],
    served: removed.length === 0 || last.chart === undefined ? [] : servedRouters(last.chart),
    catalogs: [{ freshness: "live" }],
    catalogOf: () => undefined,
    serviceOf: () => undefined,
    holds: [],
    settings: plain.guard,
    nowMs: 0,
  });
}

/** The policy's word on what these instances ask for, without the work of finding out what they ask for. */
function permitAll(services: TranslatedServices, keys: Iterable<string>, by: CoreSettings): void {
  for (const service of keys) {
    for (const { instance, state } of services.get(service) ?? []) {
      if (state.kind === "routed") permit(instance, state.fragment, [], by);
    }
  }
}

const others = watchOthers();
const samples = new Map<string, number[]>();

function timed<T>(what: string, work: () => T): T {
  const startMs = performance.now();
  const result = work();
  const known = samples.get(what) ?? [];
  samples.set(what, known);
  known.push(performance.now() - startMs);
  return result;
}

function measure(what: string, all: readonly ServiceInstance[]): void {
  for (let round = 0; round < ROUNDS; round += 1) {
    const [settings, policy] = [{ ...plain }, { ...ruled }];
    const copies = all.map((one) => ({ ...one, tags: [...one.tags] }));
    const pass = merge(copies, NOTHING, settings);
    timed(`${SCRATCH}, ${what}`, () => {
      timed("of it: the policy", () => permitAll(pass.services, pass.services.keys(), policy));
      judge(pass, NOTHING, settings);
      guard(pass, NOTHING);
    });
  }
  let pass = merge(all, NOTHING, plain);
  let hosts = judge(pass, NOTHING, plain);
  let instances = all;
  for (let round = 0; round < ROUNDS; round += 1) {
    const previous: Last = {
      ...NOTHING,
      chart: hosts.value.config,
      owners: pass.merged.owners,
      services: pass.services,
    };
    const changed = (round * 617) % SERVICES;
    instances = instances.map((one, position) => (position === changed ? { ...one, port: 25_000 + round } : one));
    const next = merge(instances, previous, plain, pass);
    const moved = instances[changed]?.service ?? "";
    const { carry } = hosts;
    hosts = timed(`${CHANGE}, ${what}`, () => {
      permitAll(next.services, [moved], ruled);
      const judged = judge(next, previous, plain, carry);
      guard(next, previous);
      return judged;
    });
    pass = next;
  }
}

measure("each service with a host of its own", world);
measure("with ten rules for many hosts and a contested host", [...world, ...troublesome]);

const busyPercent = others();
for (const [what, values] of samples) {
  const sorted = values.toSorted((a, b) => a - b);
  const round2 = (value = Number.NaN) => Math.round(value * 100) / 100;
  const aimMs = what.startsWith(SCRATCH) ? 60 : what.startsWith(CHANGE) ? 1 : undefined;
  const figure = {
    ...{ what, services: SERVICES, instances: 3, minMs: round2(sorted[0]), p50Ms: round2(sorted[sorted.length >> 1]) },
    ...{ maxMs: round2(sorted.at(-1)), n: values.length, busyPercent, ...(aimMs === undefined ? {} : { aimMs }) },
  };
  process.stdout.write(`${JSON.stringify(figure)}\n`);
}
