import { stoppedServices } from "../catalog/stopped-services.ts";
import { copyOnWrite } from "../incremental/copy-on-write-map.ts";
import { memoizeByItems } from "../incremental/memoize.ts";
import type { Steps } from "../incremental/steps.ts";
import type { TranslatedServices } from "../instances/instance-state.ts";
import { type KnownBefore, kinshipIn } from "../instances/kinship.ts";
import type { Pass, StageResult } from "../stage.ts";
import { changedNames } from "../traefik/chart/changed-names.ts";
import { patchConfig } from "../traefik/chart/config-patch.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  kindOf,
  type ResourceKey,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { chartLine } from "../traefik/chart/render.ts";
import { endpointOf, serversOf, withServers } from "../traefik/chart/servers.ts";
import { type LastPublished, ownersOfHeld } from "./absent-definitions.ts";
import { borrowersIn } from "./borrowers.ts";
import { type CountingServices, leaveOutCanaryServices } from "./canaries.ts";
import { disagreementsIn } from "./contribution.ts";
import type { Definition } from "./definition.ts";
import { dependentsOfRefused } from "./dependents-of-refused.ts";
import {
  contributionIn,
  definersIn,
  definitionIn,
  definitionsIn,
  type FindDefiners,
  type FindDefinition,
  type MergeMemory,
  NOTHING_MERGED,
  originIn,
  sharingServicesIn,
  winnerIn,
} from "./merge-memory.ts";
import { findYielding } from "./name-conflicts.ts";
import { type NameResolution, resolveName } from "./name-resolution.ts";
import { absentAmong, type Origin, type Owner, type PublishedNames } from "./owner.ts";

export interface MergeInput {
  readonly services: TranslatedServices;
  /** Whose each name was in the last pass, and what it means in the published chart. */
  readonly published: PublishedNames & KnownBefore & Pick<LastPublished, "holds">;
}

/** What all instances define together, as one configuration. */
export interface Merged {
  readonly config: DynamicConfig;
  readonly owners: ReadonlyMap<ResourceKey, Owner>;
  readonly origin: Origin;
  /** The definition of a name that counts, with the instances that have it. */
  readonly definitionOf: FindDefinition;
  readonly definersOf: FindDefiners;
  /** The services that mean the same as its owner by the name of a service of Traefik's. */
  readonly sharingServices: ReadonlySet<string>;
  /** The names that were resolved; every other is resolved as in the last pass. Undefined where all of them were. */
  readonly resolved: ReadonlySet<ResourceKey> | undefined;
}

/**
 * The stage that unites what the routed instances ask for: first within each catalog service, then between services. The
 * same name with the same meaning is shared and its servers are united, as in Traefik; with another meaning the first owner
 * keeps it. What the operator defines, here or in a file beside the chart, is no part of the result: no service gets those
 * names. One name a step.
 *
 * Resolved are the names that a changed service, a changed or absent owner, one that is held or no longer held, the operator or
 * a neighbour touches; any other would be resolved as before. Without a memory that is every name.
 *
 * @param memory of the pass that `published` comes from; of no use where several catalogs may define the same names, which
 *   is judged from all definitions at once
 */
export function* mergeServices(
  { nowMs, operatorConfig, neighbours, settings: { claims, traefik }, isSingleCatalog, snapshots }: Pass,
  { services, published: previous }: MergeInput,
  memory: MergeMemory | undefined,
): Steps<StageResult<Merged, MergeMemory>> {
  const known = isSingleCatalog ? memory : undefined;
  const before = known ?? NOTHING_MERGED;
  const won = patchConfig(before.won);
  // Maps of their own only where something has changed: what is the same is not copied or stored again.
  const contested = copyOnWrite(before.contested);
  const owners = copyOnWrite(previous.owners);

  const held = ownersOfHeld(previous);
  const isHeld = (service: string) => held.has(service);
  const touched = touchedNames();
  const canaries = isSingleCatalog ? NO_CANARIES : canaryServices(touched);
  const counting = canaries.size === 0 ? touched : new Map([...touched].map(withoutCanaries));
  const areKin = kinshipIn(services, previous);
  const yielding = findYielding(counting, previous, claims, nowMs);
  const isBorrowed = borrowersIn(services, previous);
  const isRegistered = (service: string) => services.has(service);
  const stopped = stoppedServices(snapshots);
  const isStopped = (service: string) => stopped.has(service);
  for (const [key, definitions] of counting) {
    const own = { areKin, isBorrowed, isRegistered, yielding: yielding.get(key) };
    const circumstances = { previous, operatorConfig, neighbours, nowMs, claims, isHeld, isStopped, ...own };
    const resolved = resolveName(key, definitions, circumstances);
    const resolution = withCanaries(resolved, canaries.get(key));
    const { winner, owner, diagnostics } = resolution;
    const isOwners =
      resolution.definitions.length === 0 ||
      (resolution.definitions.length === 1 &&
        winner !== undefined &&
        winner.service === owner?.service &&
        diagnostics.length === 0);
    contested.put(key, isOwners ? undefined : resolution);
    const ownerBefore = previous.owners.get(key);
    owners.put(key, isSameOwner(owner, ownerBefore) ? ownerBefore : owner);
    const { section, name } = splitKey(key);
    if (winner === undefined) won.drop(section, name);
    else won.put(section, name, asBefore(before.won[section].get(name), unitedObject(resolution, winner), name));
    yield;
  }
  const names = { owners: owners.result(), contested: contested.result(), won: won.result() };
  const after = { services, operatorConfig, neighbours, held, ...names };

  const reported = [...after.contested.values()]
    .filter(({ diagnostics, refused }) => diagnostics.length + refused.length > 0)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const wonBy = (service: string) =>
    [...contributionIn(after, service).values()].filter((definition) => winnerIn(after, definition.key) === definition);
  const dependents = dependentsOfRefused(refusedNames(reported), wonBy, traefik.defaultMiddlewares);
  const config = patchConfig(after.won);
  for (const { section, name } of dependents.definitions) config.drop(section, name);
  return {
    value: {
      config: config.result(),
      owners: after.owners,
      origin: originIn(after),
      definitionOf: definitionIn(after),
      definersOf: definersBut(new Set(dependents.definitions), definersIn(after)),
      sharingServices: sharingServicesIn(after),
      resolved: known && new Set(touched.keys()),
    },
    carry: after,
    diagnostics: [
      ...disagreementsIn(services),
      ...reported.flatMap(({ diagnostics }) => diagnostics),
      ...dependents.diagnostics,
    ],
    dueAtMs: [],
  };

  function withoutCanaries([key, definitions]: readonly [ResourceKey, readonly Definition[]]) {
    return [key, canaries.get(key)?.definitions ?? definitions] as const;
  }

  /** Each name that may be resolved otherwise than before, with all definitions of it. */
  function touchedNames(): ReadonlyMap<ResourceKey, readonly Definition[]> {
    const changed = new Set(changedNames(before.services, services));
    const touched = new Map<ResourceKey, Definition[]>();
    const definitionsOf = (key: ResourceKey): Definition[] => {
      const noted = touched.get(key);
      if (noted !== undefined) return noted;
      const definitions = definitionsIn(before, key).filter(({ service }) => !changed.has(service));
      touched.set(key, definitions);
      return definitions;
    };
    for (const service of changed) {
      for (const key of contributionIn(before, service).keys()) definitionsOf(key);
      for (const [key, definition] of contributionIn({ services }, service)) definitionsOf(key).push(definition);
    }
    // Owners that are absent run out of time; and a later stage may have left a name with another owner.
    for (const { key } of absentAmong(previous.owners)) definitionsOf(key);
    for (const key of changedNames(before.owners, previous.owners)) definitionsOf(key);
    const heldOtherwise = new Set([...held, ...before.held].filter((one) => held.has(one) !== before.held.has(one)));
    if (heldOtherwise.size > 0)
      for (const [key, { service }] of previous.owners) if (heldOtherwise.has(service)) definitionsOf(key);
    if (operatorConfig !== before.operatorConfig) {
      for (const { origins } of [before.operatorConfig, operatorConfig])
        for (const key of origins.keys()) definitionsOf(key);
    }
    if (neighbours !== before.neighbours) {
      for (const { names } of [before.neighbours, neighbours]) for (const key of names.keys()) definitionsOf(key);
    }
    return touched;
  }
}

/** Without names whose definition was left out: what stands in for an absent owner under such a name is not that definition's. */
function definersBut(leftOut: ReadonlySet<Definition>, definersOf: FindDefiners): FindDefiners {
  if (leftOut.size === 0) return definersOf;
  return (key) => {
    const definers = definersOf(key);
    return definers[0] !== undefined && leftOut.has(definers[0]) ? [] : definers;
  };
}

function isSameOwner(one: Owner | undefined, other: Owner | undefined): boolean {
  return one?.service === other?.service && one?.goneAtMs === other?.goneAtMs && one?.leftAtMs === other?.leftAtMs;
}

const NO_CANARIES: ReadonlyMap<ResourceKey, CountingServices> = new Map();

/** The names of which a catalog's definition is left out, since it has but canaries of the service. */
function canaryServices(touched: ReadonlyMap<ResourceKey, readonly Definition[]>): typeof NO_CANARIES {
  const found = new Map<ResourceKey, CountingServices>();
  for (const [key, definitions] of touched) {
    const counting = leaveOutCanaryServices(key, definitions);
    if (counting.leftOut.length > 0) found.set(key, counting);
  }
  return found;
}

function withCanaries(resolution: NameResolution, canaries: CountingServices | undefined): NameResolution {
  if (canaries === undefined) return resolution;
  return {
    ...resolution,
    definitions: [...resolution.definitions, ...canaries.leftOut],
    refused: [...resolution.refused, ...canaries.leftOut],
    diagnostics: [...canaries.diagnostics, ...resolution.diagnostics],
  };
}

function unitedObject({ sharing }: NameResolution, winner: Definition): ConfigObject {
  const isShared = sharing.length > 0 && kindOf(winner.section) === "services";
  return isShared ? uniteServers([winner, ...sharing]) : winner.object;
}

const uniteServers = memoizeByItems((definitions: readonly Definition[]): ConfigObject => {
  const [first] = definitions;
  if (first === undefined) throw new Error("a service without a definition was merged");
  const servers = new Map(
    definitions.toReversed().flatMap(({ object }) => serversOf(object).map((s) => [endpointOf(s), s])),
  );
  return withServers(first.object, servers.values());
});

/** The object that was there before, if the new one is written alike: a comparison of objects then sees no change. */
function asBefore(known: ConfigObject | undefined, object: ConfigObject, name: string): ConfigObject {
  return known !== undefined && chartLine(name, known) === chartLine(name, object) ? known : object;
}

/** The keys that each catalog service defined and did not get. */
function refusedNames(resolutions: readonly NameResolution[]): ReadonlyMap<string, ReadonlySet<ResourceKey>> {
  const refused = new Map<string, Set<ResourceKey>>();
  for (const resolution of resolutions) {
    for (const { service } of resolution.refused) {
      refused.set(service, (refused.get(service) ?? new Set<ResourceKey>()).add(resolution.key));
    }
  }
  return refused;
}
