import { catalogNameIn } from "../catalog/snapshot.ts";
import type { Memory } from "../memory.ts";
import { type ResourceKey, splitKey } from "../traefik/chart/dynamic-config.ts";
import { shapeOf } from "../traefik/chart/servers.ts";
import type { Definition } from "./definition.ts";
import { isKept } from "./ownership.ts";

type Claimed = ReadonlyMap<ResourceKey, readonly Definition[]>;
type Previous = Pick<Memory, "chart" | "owners">;

/** Somebody who means something by a name: a service that claims it, or the absent owner that it is kept for. */
export type Party = Pick<Definition, "service" | "catalogName" | "shape">;

type Contested = ReadonlyMap<ResourceKey, readonly Party[]>;

interface Disputant {
  readonly service: string;
  readonly catalogName: string | undefined;
  /** Services of other catalogs that mean something else by one of its names. */
  readonly others: Set<string>;
  /** 0: absent; 1: has a name that is disputed; 2: any other. */
  rank: number;
}

/** The claims that give way, by name, each with the party that it gives way to. */
export type Yielding = ReadonlyMap<ResourceKey, ReadonlyMap<Definition, Party>>;

/**
 * Finds the claims that give way between catalogs. Services of two catalogs that disagree about one name share no other:
 * `web` of one datacenter and `web` of another, with rules of their own, may be two things that only look like one, and the
 * visitors of the first would reach the servers of the second. An absent owner is not disturbed; else the one counts who
 * owns a name that they disagree about, else the one whose catalog's name comes first. The other gives way at every name
 * that both claim.
 */
export function findYielding(claimed: Claimed, previous: Previous, nowMs: number): Yielding {
  const contested = contestedIn(claimed, previous, nowMs);
  const yields = yieldingTo(disputantsAt(contested, claimed, previous));
  if (yields.size === 0) return new Map();
  const yielding = new Map<ResourceKey, ReadonlyMap<Definition, Party>>();
  for (const [key, parties] of contested) {
    const own = new Map<Definition, Party>();
    for (const definition of claimed.get(key) ?? []) {
      const stronger = parties.find(({ service }) => yields.get(definition.service)?.has(service));
      if (stronger !== undefined) own.set(definition, stronger);
    }
    if (own.size > 0) yielding.set(key, own);
  }
  return yielding;
}

/** The names of several parties; none where there is but one catalog. */
function contestedIn(claimed: Claimed, previous: Previous, nowMs: number): Contested {
  const contested = new Map<ResourceKey, readonly Party[]>();
  for (const [key, definitions] of claimed) {
    if (definitions[0]?.catalogName === undefined) break;
    const absent = absentOwner(key, definitions, previous, nowMs);
    if (absent !== undefined) contested.set(key, [...definitions, absent]);
    else if (definitions.length > 1) contested.set(key, definitions);
  }
  return contested;
}

function absentOwner(
  key: ResourceKey,
  definitions: readonly Definition[],
  { owners, chart }: Previous,
  nowMs: number,
): Party | undefined {
  const owner = owners.get(key);
  if (owner === undefined || definitions.some(({ service }) => service === owner.service)) return undefined;
  const { section, name } = splitKey(key);
  const published = chart?.[section].get(name);
  if (published === undefined || !isKept(owner, nowMs)) return undefined;
  return { service: owner.service, catalogName: catalogNameIn(owner.service), shape: shapeOf(published) };
}

function disputantsAt(contested: Contested, claimed: Claimed, { owners }: Previous): readonly Disputant[] {
  const disputants = new Map<string, Disputant>();
  for (const [key, parties] of contested) {
    const owner = owners.get(key)?.service;
    const isAbsent = claimed.get(key)?.every(({ service }) => service !== owner) === true;
    for (const { service, catalogName, shape } of parties) {
      for (const other of parties) {
        if (other.catalogName === catalogName || other.shape === shape) continue;
        const one = disputants.get(service) ?? { service, catalogName, others: new Set(), rank: 2 };
        disputants.set(service, one);
        one.others.add(other.service);
        if (service === owner) one.rank = isAbsent ? 0 : Math.min(one.rank, 1);
      }
    }
  }
  return [...disputants.values()];
}

function strongestFirst(a: Disputant, b: Disputant): number {
  const [one = "", other = ""] = [a.catalogName, b.catalogName];
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (one !== other) return one < other ? -1 : 1;
  return a.service < b.service ? -1 : 1;
}

/**
 * Whom each gives way to. From the strongest on, each counts unless one that counts already disagrees with it; those that do
 * not count give way to all that do, and to the stronger ones among themselves.
 */
function yieldingTo(disputants: readonly Disputant[]): ReadonlyMap<string, ReadonlySet<string>> {
  const byStrength = [...disputants].sort(strongestFirst);
  const counting = new Set<string>();
  for (const { service, others } of byStrength) {
    if (![...others].some((other) => counting.has(other))) counting.add(service);
  }
  const yields = new Map<string, ReadonlySet<string>>();
  const stronger = new Set(counting);
  for (const { service, others } of byStrength) {
    if (counting.has(service)) continue;
    yields.set(service, new Set([...others].filter((other) => stronger.has(other))));
    stronger.add(service);
  }
  return yields;
}
