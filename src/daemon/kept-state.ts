import type { Memory, Owner } from "../core/memory.ts";
import type { ServiceInstance, Slice } from "../core/snapshot.ts";

/** What survives a restart beside the chart itself. Plain JSON. */
export interface KeptState {
  readonly owners: Readonly<Record<string, Owner>>;
  readonly leftAtMs: Readonly<Record<string, number>>;
}

export const KEPT_FORMAT = 1;
export const LAST_GOOD_FORMAT = 1;

/** The last good slice as it is stored: bound to its source. */
export interface StoredSlice {
  readonly source: string;
  readonly readAtMs: number;
  readonly instances: readonly ServiceInstance[];
}

export function toKeptState({ owners, leftAtMs }: Pick<Memory, "owners" | "leftAtMs">): KeptState {
  return { owners: Object.fromEntries(owners), leftAtMs: Object.fromEntries(leftAtMs) };
}

export function fromKeptState(state: KeptState): Pick<Memory, "owners" | "leftAtMs"> {
  return { owners: new Map(Object.entries(state.owners)), leftAtMs: new Map(Object.entries(state.leftAtMs)) };
}

/** The stored slice as a stand-in until the source answers; nothing where it was read from another source. */
export function standInSlice(stored: StoredSlice, source: string): Slice | undefined {
  if (stored.source !== source) return undefined;
  return { source, instances: stored.instances, origin: "stored", readAtMs: stored.readAtMs };
}
