import type { Memory, Owner } from "../core/memory.ts";
import type { ServiceInstance, Slice } from "../core/snapshot.ts";
import { isResourceKey, type ResourceKey } from "../core/traefik/dynamic-config.ts";

/** What survives a restart beside the chart itself. Plain JSON. */
export interface KeptState {
  readonly owners: Readonly<Record<ResourceKey, Owner>>;
  readonly leftAtMs: Readonly<Record<ResourceKey, number>>;
  /** Absent, like `statics`, in a state of a version that knew none. */
  readonly hosts?: Readonly<Record<string, string>>;
  readonly families?: Readonly<Record<string, readonly string[]>>;
  readonly statics?: Readonly<Record<ResourceKey, string>>;
}

export const KEPT_FORMAT = 1;
export const LAST_GOOD_FORMAT = 1;

/** The last good slice as it is stored: bound to its source. */
export interface StoredSlice {
  readonly source: string;
  readonly readAtMs: number;
  readonly instances: readonly ServiceInstance[];
}

type Kept = Pick<Memory, "owners" | "leftAtMs" | "hosts" | "families" | "statics">;

export function toKeptState({ owners, leftAtMs, hosts, families, statics }: Kept): KeptState {
  return {
    owners: Object.fromEntries(owners),
    leftAtMs: Object.fromEntries(leftAtMs),
    hosts: Object.fromEntries(hosts),
    families: Object.fromEntries([...families].map(([service, signs]) => [service, [...signs]])),
    statics: Object.fromEntries(statics),
  };
}

export function fromKeptState({ owners, leftAtMs, hosts = {}, families = {}, statics = {} }: KeptState): Kept {
  return {
    owners: keyed(owners),
    leftAtMs: keyed(leftAtMs),
    hosts: new Map(Object.entries(hosts)),
    families: new Map(Object.entries(families).map(([service, signs]) => [service, new Set(signs)])),
    statics: keyed(statics),
  };
}

/** The stored slice as a stand-in until the source answers; nothing where it was read from another source. */
export function standInSlice(stored: StoredSlice, source: string): Slice | undefined {
  if (stored.source !== source) return undefined;
  return { source, instances: stored.instances, origin: "stored", readAtMs: stored.readAtMs };
}

/** What another version may have kept under other keys is of no use here. */
function keyed<T>(entries: Readonly<Record<string, T>>): ReadonlyMap<ResourceKey, T> {
  const known = new Map<ResourceKey, T>();
  for (const [key, value] of Object.entries(entries)) if (isResourceKey(key)) known.set(key, value);
  return known;
}
