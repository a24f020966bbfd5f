import { catalogNameIn, namespaceIn } from "../catalog/snapshot.ts";
import type { CoreSettings } from "../settings.ts";
import { type ResourceKey, splitKey } from "../traefik/chart/dynamic-config.ts";
import { meaningOf } from "../traefik/chart/meaning.ts";
import { isOfAllNamespaces } from "./common-servers.ts";
import type { Definition } from "./definition.ts";
import type { PublishedNames } from "./owner.ts";
import { isKept, nameKeptMs } from "./ownership.ts";

type DefinedNames = ReadonlyMap<ResourceKey, readonly Definition[]>;

/** A service that means something by a name: it defines it, or it is the absent owner that the name is kept for. */
export type Contender = Pick<Definition, "service" | "catalogName" | "namespace" | "shape" | "createIndex">;

type Contested = ReadonlyMap<ResourceKey, readonly Contender[]>;

interface Rival {
  readonly service: string;
  readonly catalogName: string | undefined;
  /** Services of other catalogs that mean something else by one of its names, and those of other namespaces. */
  readonly others: Set<string>;
  /** The lowest of its definitions; it says nothing to that of another catalog. */
  createIndex: number;
  /** 0: absent; 1: owns a name that they disagree about; 2: any other. */
  rank: number;
}

/** The definitions that give way, by name, each with the contender that it gives way to. */
export type Yielding = ReadonlyMap<ResourceKey, ReadonlyMap<Definition, Contender>>;

/**
 * Finds the definitions that give way where several catalogs are charted. Services of two catalogs that disagree about one
 * name share no other: `web` of one datacenter and `web` of another, with rules of their own, may be two things that only
 * look like one, and the visitors of the first would reach the servers of the second. Services of two namespaces never
 * agree. An absent owner is not disturbed; else the one counts that owns a name that they disagree about, else the one
 * whose catalog's name comes first, else the oldest registration. The other gives way at every name that both claim.
 */
export function findYielding(
  defined: DefinedNames,
  previous: PublishedNames,
  claims: CoreSettings["claims"],
  nowMs: number,
): Yielding {
  const contested = contestedIn(defined, previous, claims, nowMs);
  const yields = yieldingTo(rivalsIn(contested, defined, previous));
  if (yields.size === 0) return new Map();
  const yielding = new Map<ResourceKey, ReadonlyMap<Definition, Contender>>();
  for (const [key, contenders] of contested) {
    const own = new Map<Definition, Contender>();
    for (const definition of defined.get(key) ?? []) {
      const stronger = contenders.find(({ service }) => yields.get(definition.service)?.has(service));
      if (stronger !== undefined) own.set(definition, stronger);
    }
    if (own.size > 0) yielding.set(key, own);
  }
  return yielding;
}

/** The names that services of several catalogs claim: a name of one catalog alone is judged as where there is but one. */
function contestedIn(
  defined: DefinedNames,
  previous: PublishedNames,
  claims: CoreSettings["claims"],
  nowMs: number,
): Contested {
  const contested = new Map<ResourceKey, readonly Contender[]>();
  for (const [key, definitions] of defined) {
    if (definitions[0]?.catalogName === undefined) break;
    const absent = absentOwner(key, definitions, previous, claims, nowMs);
    const contenders = absent === undefined ? definitions : [...definitions, absent];
    const [first, ...others] = contenders;
    if (others.some(({ catalogName }) => catalogName !== first?.catalogName)) contested.set(key, contenders);
  }
  return contested;
}

function absentOwner(
  key: ResourceKey,
  definitions: readonly Definition[],
  { owners, chart }: PublishedNames,
  claims: CoreSettings["claims"],
  nowMs: number,
): Contender | undefined {
  const owner = owners.get(key);
  if (owner === undefined || definitions.some(({ service }) => service === owner.service)) return undefined;
  const { section, name } = splitKey(key);
  const published = chart?.[section].get(name);
  if (published === undefined || !isKept(owner, nameKeptMs(section, claims), nowMs)) return undefined;
  const { service } = owner;
  return {
    service,
    catalogName: catalogNameIn(service),
    namespace: namespaceIn(service),
    shape: meaningOf(section, published),
    createIndex: 0,
  };
}

function rivalsIn(contested: Contested, defined: DefinedNames, { owners }: PublishedNames): readonly Rival[] {
  const rivals = new Map<string, Rival>();
  for (const [key, contenders] of contested) {
    const owner = owners.get(key)?.service;
    const isAbsent = defined.get(key)?.every(({ service }) => service !== owner) === true;
    for (const { service, catalogName, namespace, shape, createIndex } of contenders) {
      for (const other of contenders) {
        const isOfOne = other.namespace === namespace || isOfAllNamespaces(splitKey(key).section);
        if (isOfOne && (other.catalogName === catalogName || other.shape === shape)) continue;
        const one = rivals.get(service) ?? { service, catalogName, others: new Set(), rank: 2, createIndex };
        rivals.set(service, one);
        one.others.add(other.service);
        one.createIndex = Math.min(one.createIndex, createIndex);
        if (service === owner) one.rank = isAbsent ? 0 : Math.min(one.rank, 1);
      }
    }
  }
  return [...rivals.values()];
}

function strongestFirst(a: Rival, b: Rival): number {
  const [one = "", other = ""] = [a.catalogName, b.catalogName];
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (one !== other) return one < other ? -1 : 1;
  return a.createIndex - b.createIndex || (a.service < b.service ? -1 : 1);
}

/**
 * Whom each gives way to. From the strongest on, each counts unless one that counts already disagrees with it; those that do
 * not count give way to all that do, and to the stronger ones among themselves.
 */
function yieldingTo(rivals: readonly Rival[]): ReadonlyMap<string, ReadonlySet<string>> {
  const byStrength = [...rivals].sort(strongestFirst);
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
