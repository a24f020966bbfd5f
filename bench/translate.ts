import { parseArgs } from "node:util";
import { settingsSchema } from "../src/config/files/schema.ts";
import { coreSettings } from "../src/config/resolve/core-settings.ts";
import { groupInstances } from "../src/core/catalog/grouped-instances.ts";
import type { ServiceInstance } from "../src/core/catalog/snapshot.ts";
import type { Decision, ReconcileInput } from "../src/core/decision.ts";
import { translateInstance } from "../src/core/instances/instance.ts";
import { translateServices } from "../src/core/instances/translated-services.ts";
import { initialMemory, type Memory } from "../src/core/memory.ts";
import { reconcile, reconcileInSteps } from "../src/core/reconcile.ts";
import { parseChart } from "../src/core/traefik/chart/parse-chart.ts";
import { renderAgain } from "../src/core/traefik/chart/render.ts";
import { runInTurns } from "../src/daemon/run-in-turns.ts";
import { watchOthers } from "./busyness.ts";
import { tenths } from "./figures.ts";
import type { TranslateResult } from "./results.ts";
import { createWorld, snapshotOf } from "./world.ts";

/*
 * What a pass costs without any catalog or file: npm run bench:translate -- --services 25000 --instances 2. Times in
 * milliseconds, p50 of the rounds; the processor time of this thread beside it, for machines that others use too. With as
 * little space for young objects as the daemon has.
 */

const { values: flags } = parseArgs({
  options: {
    services: { type: "string", default: "5000" },
    instances: { type: "string", default: "3" },
    rounds: { type: "string", default: "20" },
  },
});
const SERVICES = Number(flags.services);
const INSTANCES = Number(flags.instances);
const ROUNDS = Number(flags.rounds);

const settings = coreSettings(settingsSchema.parse({ output: { file: "portolan.yml" }, stateDir: "." }));
const ports = [24_001, 24_002, 24_003];
const world = createWorld({ services: SERVICES, instances: INSTANCES, nodes: 50, ports }).map(snapshotOf);

function input(instances: readonly ServiceInstance[], previous: Memory): ReconcileInput {
  const snapshot = { source: "bench", instances, freshness: "live", readAtMs: 0 } as const;
  return { snapshots: [snapshot], previous, settings, nowMs: 0 };
}

const others = watchOthers();
const samples = new Map<string, number[]>();

const SCRATCH = "translate everything from scratch";
/** Up to the bytes as well. */
const COLD_PASS = "a pass over everything from scratch, in steps";
const WHOLE_PASS = "a whole pass after one change, up to the bytes";

/** What is aimed at, where anything is. */
const AIMS_MS = new Map([
  [SCRATCH, 250],
  [COLD_PASS, 250],
  [WHOLE_PASS, 5],
]);

function record(what: string, ms: number): void {
  const known = samples.get(what) ?? [];
  samples.set(what, known);
  known.push(ms);
}

function timed<T>(what: string, work: () => T): T {
  const [startMs, before] = [performance.now(), process.threadCpuUsage()];
  const result = work();
  const cpu = process.threadCpuUsage(before);
  record(what, performance.now() - startMs);
  record(`${what}: processor time`, (cpu.user + cpu.system) / 1000);
  return result;
}

function copies(): readonly ServiceInstance[] {
  return world.map((instance) => ({ ...instance, tags: [...instance.tags] }));
}

/** A pass as the daemon does it, from nothing; beside it the longest time for which nothing else had its turn. */
async function coldPass(instances: readonly ServiceInstance[]): Promise<Decision> {
  const startMs = performance.now();
  let isOver = false;
  const passing = runInTurns(reconcileInSteps(input(instances, initialMemory(undefined))), {
    nowMs: () => performance.now(),
  }).finally(() => {
    isOver = true;
  });
  let longestMs = 0;
  for (let lastMs = startMs; !isOver; ) {
    await new Promise((resolve) => setImmediate(resolve));
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
  }
  record(COLD_PASS, performance.now() - startMs);
  record("of it: the longest stretch", longestMs);
  return await passing;
}

for (let round = 0; round < ROUNDS; round += 1) {
  const fresh = copies();
  timed(SCRATCH, () => fresh.map((instance) => translateInstance(instance, settings)));
  const { text } = await coldPass(copies());
  timed("read the chart of an earlier run", () => parseChart(text));
}

let decision = reconcile(input(world, initialMemory(undefined)));
let instances = world;
for (let round = 0; round < ROUNDS; round += 1) {
  const changed = (round * 617) % instances.length;
  instances = instances.map((one, position) => (position === changed ? { ...one, port: 25_000 + round } : one));
  const now = instances;
  const before = decision;
  const { services, latest } = before.memory.translation;
  const { rendered } = before.memory.chart;
  decision = timed(WHOLE_PASS, () => {
    const next = reconcile(input(now, before.memory));
    Buffer.from(next.text);
    return next;
  });
  const { chart } = decision;
  timed("of it: translating", () => {
    const grouped = groupInstances(now, latest?.grouped);
    translateServices(grouped, settings, latest && { services, grouped: latest.grouped });
  });
  timed("of it: rendering", () => Buffer.from(renderAgain(chart, rendered).text));
}

const busyPercent = others();
for (const [what, values] of samples) {
  const sorted = values.toSorted((a, b) => a - b);
  const p50 = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const aimMs = AIMS_MS.get(what);
  const figure: TranslateResult = {
    what,
    services: SERVICES,
    instances: INSTANCES,
    p50Ms: tenths(p50),
    maxMs: tenths(sorted.at(-1) ?? Number.NaN),
    n: values.length,
    busyPercent,
    ...(aimMs === undefined ? {} : { aimMs }),
  };
  process.stdout.write(`${JSON.stringify(figure)}\n`);
}
