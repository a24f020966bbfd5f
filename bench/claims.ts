import { coreSettings } from "../src/config/core-settings.ts";
import { settingsSchema } from "../src/config/schema.ts";
import { judgeClaims } from "../src/core/claims/judge-claims.ts";
import { initialMemory, type Memory } from "../src/core/memory.ts";
import { type Merged, mergeFragments } from "../src/core/merge/merge.ts";
import { type Roll, rollOf } from "../src/core/presence.ts";
import type { ServiceInstance } from "../src/core/snapshot.ts";
import { NO_STATICS } from "../src/core/statics/statics.ts";
import { resourceKey, type Section } from "../src/core/traefik/dynamic-config.ts";
import { translatorFor } from "../src/core/translate/instance.ts";
import { createWorld, snapshotOf } from "./world.ts";

/* What it costs to judge who may have which host: npm run bench:claims. Times in milliseconds; the least one is what it costs where nothing
   else runs. */

const SERVICES = 5_000;
const ROUNDS = 20;

const settings = coreSettings(settingsSchema.parse({ output: { file: "portolan.yml" }, stateDir: "." }));
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

interface Merge {
  readonly merged: Merged;
  readonly roll: Roll;
}

function merge(instances: readonly ServiceInstance[], previous: Memory, by: typeof settings): Merge {
  const roll = rollOf(instances.map(translatorFor(by)));
  return { roll, merged: mergeFragments(roll, previous, 0) };
}

function judge({ merged, roll }: Merge, previous: Memory, by: typeof settings) {
  const { config, definition, owners } = merged;
  const definitionOf = (section: Section, name: string) => definition(resourceKey(section, name));
  return judgeClaims({ config, definitionOf, owners, roll, statics: NO_STATICS, previous, settings: by, nowMs: 0 });
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
  const nothing = initialMemory(undefined, undefined);
  for (let round = 0; round < ROUNDS; round += 1) {
    const fresh = { ...settings };
    const copies = all.map((one) => ({ ...one, tags: [...one.tags] }));
    const merged = merge(copies, nothing, fresh);
    timed(`${what}: from scratch`, () => judge(merged, nothing, fresh));
  }
  let merged = merge(all, nothing, settings);
  let { config: chart, hosts } = judge(merged, nothing, settings);
  let instances = all;
  for (let round = 0; round < ROUNDS; round += 1) {
    const previous: Memory = { ...nothing, chart, hosts, owners: merged.merged.owners, roll: merged.roll };
    const changed = (round * 617) % SERVICES;
    instances = instances.map((one, position) => (position === changed ? { ...one, port: 25_000 + round } : one));
    merged = merge(instances, previous, settings);
    ({ config: chart, hosts } = timed(`${what}: after one change`, () => judge(merged, previous, settings)));
  }
}

measure("hosts of their own", world);
measure("with ten rules for many hosts and a contested host", [...world, ...troublesome]);

for (const [what, values] of samples) {
  const sorted = values.toSorted((a, b) => a - b);
  const round2 = (value = Number.NaN) => Math.round(value * 100) / 100;
  const figure = {
    what,
    services: SERVICES,
    minMs: round2(sorted[0]),
    p50Ms: round2(sorted[sorted.length >> 1]),
    maxMs: round2(sorted.at(-1)),
    n: values.length,
  };
  process.stdout.write(`${JSON.stringify(figure)}\n`);
}
