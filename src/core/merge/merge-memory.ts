import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { TranslatedServices } from "../instances/instance-state.ts";
import { type Neighbours, NO_NEIGHBOURS } from "../neighbours/neighbours.ts";
import { NO_OPERATOR_CONFIG, type OperatorConfig } from "../operator-config/operator-config.ts";
import {
  type DynamicConfig,
  kindOf,
  newConfig,
  type ResourceKey,
  resourceKey,
  type Section,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { type Contribution, contributionOf } from "./contribution.ts";
import type { Definition } from "./definition.ts";
import type { NameResolution } from "./name-resolution.ts";
import type { Origin, Owner } from "./owner.ts";

/** What one pass hands to the next, which looks again only at names that something has happened to. */
export interface MergeMemory {
  readonly services: TranslatedServices;
  readonly operatorConfig: OperatorConfig;
  readonly neighbours: Neighbours;
  readonly owners: ReadonlyMap<ResourceKey, Owner>;
  /** The services, by their keys, of which a guard held a router. */
  readonly held: ReadonlySet<string | undefined>;
  /** Every name that is defined other than by its owner alone. */
  readonly contested: ReadonlyMap<ResourceKey, NameResolution>;
  /** All definitions that count, before any is left out for what it refers to. */
  readonly won: DynamicConfig;
}

/** Where nothing has been merged before. */
export const NOTHING_MERGED: MergeMemory = {
  services: new Map(),
  operatorConfig: NO_OPERATOR_CONFIG,
  neighbours: NO_NEIGHBOURS,
  owners: new Map(),
  held: new Set(),
  contested: new Map(),
  won: newConfig(),
};

/** Finds the definition of a name that counts, with the instances that have it. */
export type FindDefinition = (section: Section, name: string) => Definition | undefined;

/** Finds the definitions of a name that count: that of its owner first, then those of services that mean the same by it. */
export type FindDefiners = (key: ResourceKey) => readonly Definition[];

/** Finds the instance behind a server. Made here, since a closure of the merge would keep alive all that the merge has seen. */
export function originIn(merged: MergeMemory): Origin {
  return (service, endpoint) => instanceBehind(merged, service, endpoint);
}

/** Finds the definition of a name that counts. */
export function definitionIn(merged: MergeMemory): FindDefinition {
  return (section, name) => winnerIn(merged, resourceKey(section, name));
}

/** What the instances of a service, by its key, define together. */
export function contributionIn({ services }: Pick<MergeMemory, "services">, service: string): Contribution {
  const own = services.get(service);
  return own === undefined ? NOTHING : contributionOf(own);
}

const NOTHING: Contribution = new Map();

/** All definitions of the name. One that is not contested is defined by its owner, or not at all. */
export function definitionsIn(merged: MergeMemory, key: ResourceKey): readonly Definition[] {
  const resolution = merged.contested.get(key);
  if (resolution !== undefined) return resolution.definitions;
  const definition = winnerIn(merged, key);
  return definition === undefined ? [] : [definition];
}

/** The definition of a name that counts; undefined where the name is the operator's, or kept for an absent owner. */
export function winnerIn(merged: MergeMemory, key: ResourceKey): Definition | undefined {
  const resolution = merged.contested.get(key);
  if (resolution !== undefined) return resolution.winner;
  const owner = merged.owners.get(key);
  return owner && contributionIn(merged, owner.service).get(key);
}

/** Finds the definitions of a name that count: that of its owner, then those of services that mean the same by it. */
export function definersIn(merged: MergeMemory): FindDefiners {
  return (key) => {
    const winner = winnerIn(merged, key);
    return winner === undefined ? [] : [winner, ...(merged.contested.get(key)?.sharing ?? [])];
  };
}

/** The services that mean the same as its owner by the name of a service of Traefik's. */
export function sharingServicesIn({ contested }: MergeMemory): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { key, sharing } of contested.values()) {
    if (kindOf(splitKey(key).section) === "services") for (const { service } of sharing) found.add(service);
  }
  return found;
}

function instanceBehind(merged: MergeMemory, service: ResourceKey, endpoint: string): ServiceInstance | undefined {
  const winner = winnerIn(merged, service);
  if (winner === undefined) return undefined;
  return [winner, ...(merged.contested.get(service)?.sharing ?? [])]
    .map(({ origins }) => origins.get(endpoint))
    .find((instance) => instance !== undefined);
}
