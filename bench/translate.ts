import { coreSettings } from "../src/config/core-settings.ts";
import { settingsSchema } from "../src/config/schema.ts";
import { initialMemory, type Memory } from "../src/core/memory.ts";
import { type Decision, reconcile } from "../src/core/reconcile.ts";
import type { ServiceInstance } from "../src/core/snapshot.ts";
import { renderChart } from "../src/core/traefik/render.ts";
import { translateInstance } from "../src/core/translate/instance.ts";
import type { TranslateResult } from "./results.ts";
import { createWorld, snapshotOf } from "./world.ts";

/* What a pass costs without any catalog or file: npm run bench:translate. Times in milliseconds, p50 of the rounds. */

const SERVICES = 5_000;
const INSTANCES = 3;
const ROUNDS = 20;

const settings = coreSettings(settingsSchema.parse({ output: { file: "portolan.yml" }, stateDir: "." }));
const ports = [24_001, 24_002, 24_003];
const world = createWorld({ services: SERVICES, instances: INSTANCES, nodes: 50, ports }).map(snapshotOf);

function pass(instances: readonly ServiceInstance[], previous: Memory): Decision {
  const slice = { source: "bench", instances, origin: "live", readAtMs: 0 } as const;
  return reconcile({ slices: [slice], previous, settings, nowMs: 0 });
}

const samples = new Map<string, number[]>();

const SCRATCH = "translate everything from scratch";
const ONE_CHANGE = "translate after one change";
const WHOLE_PASS = "a whole pass after one change, up to the bytes";

/** What is aimed at, where anything is. */
const AIMS_MS = new Map([
  [SCRATCH, 250],
  [ONE_CHANGE, 5],
  [WHOLE_PASS, 15],
]);

function timed<T>(what: string, work: () => T): T {
  const startMs = performance.now();
  const result = work();
  const known = samples.get(what) ?? [];
  samples.set(what, known);
  known.push(performance.now() - startMs);
  return result;
}

function copies(): readonly ServiceInstance[] {
  return world.map((instance) => ({ ...instance, tags: [...instance.tags] }));
}

for (let round = 0; round < ROUNDS; round += 1) {
  const fresh = copies();
  timed(SCRATCH, () => fresh.map((instance) => translateInstance(instance, settings)));
  timed("a pass over everything, translated before", () => pass(fresh, initialMemory(undefined, undefined)));
}

let { memory } = pass(world, initialMemory(undefined, undefined));
let instances = world;
for (let round = 0; round < ROUNDS; round += 1) {
  const changed = (round * 617) % instances.length;
  instances = instances.map((one, position) => (position === changed ? { ...one, port: 25_000 + round } : one));
  const now = instances;
  timed(ONE_CHANGE, () => now.map((instance) => translateInstance(instance, settings)));
  const decision = timed(WHOLE_PASS, () => pass(now, memory));
  timed("of it: rendering, everything but the change known", () => renderChart(decision.chart));
  memory = decision.memory;
}

for (const [what, values] of samples) {
  const sorted = values.toSorted((a, b) => a - b);
  const p50 = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const aimMs = AIMS_MS.get(what);
  const figure: TranslateResult = {
    what,
    services: SERVICES,
    instances: INSTANCES,
    p50Ms: round1(p50),
    maxMs: round1(sorted.at(-1) ?? Number.NaN),
    n: values.length,
    ...(aimMs === undefined ? {} : { aimMs }),
  };
  process.stdout.write(`${JSON.stringify(figure)}\n`);
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}
