import { parsePolicy } from "../src/config/files/policy-file.ts";
import { settingsSchema } from "../src/config/files/schema.ts";
import { coreSettings } from "../src/config/resolve/core-settings.ts";
import type { ServiceInstance } from "../src/core/catalog/snapshot.ts";
import { judgeClaims } from "../src/core/hosts/judge-hosts.ts";
import { finish } from "../src/core/incremental/steps.ts";
import { bestState, type TranslatedServices } from "../src/core/instances/instance-state.ts";
import { translateServices } from "../src/core/instances/translated-services.ts";
import { initialMemory, type Memory } from "../src/core/memory.ts";
import { type Merged, mergeFragments } from "../src/core/merge/merge.ts";
import { NO_OPERATOR_CONFIG } from "../src/core/operator-config/operator-config.ts";
import { permit } from "../src/core/policy/permit.ts";
import { judgeRemovals } from "../src/core/removals/guard.ts";
import { findRemovals, servedRouters } from "../src/core/removals/removal.ts";
import type { CoreSettings } from "../src/core/settings.ts";
import { resourceKey, type Section } from "../src/core/traefik/chart/dynamic-config.ts";
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

interface Pass {
  readonly merged: Merged;
  readonly services: TranslatedServices;
}

const NOTHING = initialMemory(undefined, undefined);

function merge(instances: readonly ServiceInstance[], previous: Memory, by: CoreSettings, before?: Pass): Pass {
  const services = translateServices(instances, by, before?.services);
  return { services, merged: mergeFragments(services, previous, 0, NO_OPERATOR_CONFIG, before?.merged.cache) };
}

function judge({ merged, services }: Pass, previous: Memory, by: CoreSettings, before?: Pass) {
  const { config, definition, owners, judged, cache } = merged;
  const definitionOf = (section: Section, name: string) => definition(resourceKey(section, name));
  const changed = before && { since: before.merged.cache, routers: judged };
  const judging = judgeClaims({
    ...{
      config,
      definitionOf,
      owners,
      services,
      operatorConfig: NO_OPERATOR_CONFIG,
      previous,
      settings: by,
      nowMs: 0,
      pass: cache,
    },
    ...(changed && { changed }),
  });
  return finish(judging);
}

function guard({ merged, services }: Pass, previous: Memory): void {
  const departing = findRemovals(merged.config, previous, (service) => bestState(services, service));
  judgeRemovals({
    departing: departing.map(({ router }) => router),
    departed: [],
    served: departing.length === 0 || previous.chart === undefined ? [] : servedRouters(previous.chart),
    catalogs: [{ freshness: "live" }],
    catalogOf: () => undefined,
    holds: [],
    settings: plain.guard,
    nowMs: 0,
  });
}

/** The policy's word on what these instances ask for, without the work of finding out what they ask for. */
function permitAll(services: TranslatedServices, keys: Iterable<string>, by: CoreSettings): void {
  for (const service of keys) {
    for (const { instance, state } of services.get(service) ?? []) {
      if (state.kind === "routed") permit(instance, state.fragment, [], by.policy);
    }
  }
}

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
  let { config: chart, hosts } = judge(pass, NOTHING, plain);
  let instances = all;
  for (let round = 0; round < ROUNDS; round += 1) {
    const previous: Memory = { ...NOTHING, chart, hosts, owners: pass.merged.owners, services: pass.services };
    const changed = (round * 617) % SERVICES;
    instances = instances.map((one, position) => (position === changed ? { ...one, port: 25_000 + round } : one));
    const next = merge(instances, previous, plain, pass);
    const moved = instances[changed]?.service ?? "";
    ({ config: chart, hosts } = timed(`${CHANGE}, ${what}`, () => {
      permitAll(next.services, [moved], ruled);
      const judged = judge(next, previous, plain, pass);
      guard(next, previous);
      return judged;
    }));
    pass = next;
  }
}

measure("each service with a host of its own", world);
measure("with ten rules for many hosts and a contested host", [...world, ...troublesome]);

for (const [what, values] of samples) {
  const sorted = values.toSorted((a, b) => a - b);
  const round2 = (value = Number.NaN) => Math.round(value * 100) / 100;
  const aimMs = what.startsWith(SCRATCH) ? 60 : what.startsWith(CHANGE) ? 1 : undefined;
  const figure = {
    ...{ what, services: SERVICES, instances: 3, minMs: round2(sorted[0]), p50Ms: round2(sorted[sorted.length >> 1]) },
    ...{ maxMs: round2(sorted.at(-1)), n: values.length, ...(aimMs === undefined ? {} : { aimMs }) },
  };
  process.stdout.write(`${JSON.stringify(figure)}\n`);
}
