import { getHeapStatistics } from "node:v8";
import { settingsSchema } from "../../src/config/files/schema.ts";
import { coreSettings } from "../../src/config/resolve/core-settings.ts";
import { initialMemory } from "../../src/core/memory.ts";
import { reconcile } from "../../src/core/reconcile.ts";
import { createWorld, snapshotOf } from "../world.ts";

/*
 * What a pass allocates, in a process of its own without compilers: they leave out allocations as they like, and when they
 * like. The young generation is so large that nothing is collected while it is counted.
 */

export interface PassCounts {
  readonly fromScratchBytes: number;
  readonly afterOneChangeBytes: number;
  readonly heldBytes: number;
}

const SERVICES = Number(process.argv[2]);
const WARMING = 5;

const settings = coreSettings(settingsSchema.parse({ output: { file: "portolan.yml" }, stateDir: "." }));
let instances = createWorld({ services: SERVICES, instances: 3, nodes: 50, ports: [24_001, 24_002, 24_003] }).map(
  snapshotOf,
);

function pass(previous = initialMemory(undefined)) {
  return reconcile({
    snapshots: [{ source: "counts", instances, freshness: "live", readAtMs: 0 }],
    previous,
    settings,
    nowMs: 0,
  });
}

function collectedBytes(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return getHeapStatistics().used_heap_size;
}

function allocatedBy(work: () => void): number {
  globalThis.gc?.();
  const before = getHeapStatistics().used_heap_size;
  work();
  return getHeapStatistics().used_heap_size - before;
}

// What is kept for a whole life, such as the shapes of objects, comes with the first passes.
let decision = pass();
function change(position: number): void {
  instances = instances.map((one, at) => (at === position ? { ...one, port: 25_000 + position } : one));
}
for (let warming = 0; warming < WARMING; warming += 1) {
  change(warming * 3);
  decision = pass(decision.memory);
}
change(100);
const afterOneChangeBytes = allocatedBy(() => {
  decision = pass(decision.memory);
});
instances = instances.map((one) => ({ ...one, tags: [...one.tags] }));
const base = collectedBytes();
let scratch: unknown;
const fromScratchBytes = allocatedBy(() => {
  scratch = pass();
});
const heldBytes = collectedBytes() - base;
if (scratch === undefined) throw new Error("no pass was made");
process.stdout.write(JSON.stringify({ fromScratchBytes, afterOneChangeBytes, heldBytes } satisfies PassCounts));
