import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { copyOnWrite } from "../incremental/copy-on-write-map.ts";
import { memoize, memoizeByItems } from "../incremental/memoize.ts";
import { finish, type Steps } from "../incremental/steps.ts";
import type { Translated } from "../instances/instance.ts";
import type { TranslatedServices } from "../instances/instance-state.ts";
import type { Memory } from "../memory.ts";
import { NO_OPERATOR_CONFIG, type OperatorConfig } from "../operator-config/operator-config.ts";
import { changedNames } from "../traefik/chart/changed-names.ts";
import { patchConfig } from "../traefik/chart/config-patch.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  kindOf,
  newConfig,
  type ResourceKey,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { chartLine } from "../traefik/chart/render.ts";
import { endpointOf, serversOf, withServers } from "../traefik/chart/servers.ts";
import { type Contribution, contributionOf } from "./contribution.ts";
import type { Definition } from "./definition.ts";
import { reliantOnLost } from "./dependents-of-refused.ts";
import { findYielding } from "./name-conflicts.ts";
import { judgeName, type Verdict } from "./name-resolution.ts";
import type { Origin, Owner } from "./owner.ts";

/** All instances' wishes as one configuration. */
export interface Merged {
  readonly config: DynamicConfig;
  readonly owners: ReadonlyMap<ResourceKey, Owner>;
  readonly origin: Origin;
  /** Who is to be told about a name: the instance whose word on it counts. */
  readonly definition: (key: ResourceKey) => Definition | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** The names that were judged; the verdict on every other is that of the merge before. */
  readonly judged: ReadonlySet<ResourceKey>;
  readonly cache: MergeCache;
}

/** What one merge leaves to the next, which looks again only at names that something has happened to. */
export interface MergeCache {
  readonly services: TranslatedServices;
  readonly operatorConfig: OperatorConfig;
  readonly owners: ReadonlyMap<ResourceKey, Owner>;
  /** Every name that is claimed, other than by its owner alone. */
  readonly contested: ReadonlyMap<ResourceKey, Verdict>;
  /** What everybody has won, before anything is left out for what it relies on. */
  readonly won: DynamicConfig;
}

const NO_CACHE: MergeCache = {
  services: new Map(),
  operatorConfig: NO_OPERATOR_CONFIG,
  owners: new Map(),
  contested: new Map(),
  won: newConfig(),
};

/**
 * Merges what the routed instances ask for: first within each catalog service, then between services. The same name with
 * the same meaning is shared and its servers are united, as in Traefik; with another meaning the first owner keeps it.
 *
 * Judged are the names that a changed service, a changed or absent owner or the operator touches; the verdict on any other would be
 * the same again. Without a trace that is every name.
 *
 * @param statics whose names nobody gets; they are no part of the result
 * @param trace of the merge that `previous` came from
 */
export function mergeFragments(...input: Parameters<typeof mergeInSteps>): Merged {
  return finish(mergeInSteps(...input));
}

/** The same, one name a step. */
export function* mergeInSteps(
  services: TranslatedServices,
  previous: Pick<Memory, "chart" | "owners">,
  nowMs: number,
  operatorConfig: OperatorConfig = NO_OPERATOR_CONFIG,
  cache?: MergeCache,
): Steps<Merged> {
  const before = cache ?? NO_CACHE;
  const won = patchConfig(before.won);
  // Maps of their own only where something has changed: nobody copies or stores the same again.
  const contested = copyOnWrite(before.contested);
  const owners = copyOnWrite(previous.owners);

  const touched = touchedNames();
  const yielding = findYielding(touched, previous, nowMs);
  for (const [key, definitions] of touched) {
    const verdict = judgeName(key, definitions, { previous, operatorConfig, nowMs, yielding: yielding.get(key) });
    const { winner, owner } = verdict;
    const isOwners = definitions.length === 0 || (definitions.length === 1 && winner !== undefined);
    contested.put(key, isOwners ? undefined : verdict);
    const known = previous.owners.get(key);
    const isSameOwner = owner?.service === known?.service && owner?.goneAtMs === known?.goneAtMs;
    owners.put(key, isSameOwner ? known : owner);
    const { section, name } = splitKey(key);
    if (winner === undefined) won.drop(section, name);
    else won.put(section, name, asBefore(before.won[section].get(name), unitedObject(verdict, winner), name));
    yield;
  }
  const after = { services, operatorConfig, owners: owners.result(), contested: contested.result(), won: won.result() };

  const told = [...after.contested.values()]
    .filter(({ diagnostics, lost }) => diagnostics.length + lost.length > 0)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const reliant = reliantOnLost(lostNames(told), (service) =>
    [...contributionIn(after, service).values()].filter((definition) => winnerIn(after, definition.key) === definition),
  );
  const config = patchConfig(after.won);
  for (const { section, name } of reliant.definitions) config.drop(section, name);
  return {
    config: config.result(),
    owners: after.owners,
    origin: originIn(after),
    definition: definitionIn(after),
    diagnostics: [
      ...[...services.values()].flatMap(supersededIn),
      ...told.flatMap(({ diagnostics }) => diagnostics),
      ...reliant.diagnostics,
    ],
    judged: new Set(touched.keys()),
    cache: after,
  };

  /** Each name that may be judged otherwise than before, with everybody's claim to it. */
  function touchedNames(): ReadonlyMap<ResourceKey, readonly Definition[]> {
    const changed = new Set(changedNames(before.services, services));
    const touched = new Map<ResourceKey, Definition[]>();
    const claimsTo = (key: ResourceKey): Definition[] => {
      const known = touched.get(key);
      if (known !== undefined) return known;
      const claims = claimsIn(before, key).filter(({ service }) => !changed.has(service));
      touched.set(key, claims);
      return claims;
    };
    for (const service of changed) {
      for (const key of contributionIn(before, service).keys()) claimsTo(key);
      for (const [key, definition] of contributionIn({ services }, service)) claimsTo(key).push(definition);
    }
    // Owners that are absent run out of time; and what came of the merge may have been settled otherwise after it.
    for (const [key, { goneAtMs }] of previous.owners) if (goneAtMs !== undefined) claimsTo(key);
    for (const key of changedNames(before.owners, previous.owners)) claimsTo(key);
    if (operatorConfig !== before.operatorConfig) {
      for (const { origins } of [before.operatorConfig, operatorConfig])
        for (const key of origins.keys()) claimsTo(key);
    }
    return touched;
  }
}

/* Made outside of the merge: a function made within would keep alive all that the merge has seen, and with it the one before. */

function originIn(cache: MergeCache): Origin {
  return (service, endpoint) => instanceBehind(cache, service, endpoint);
}

function definitionIn(cache: MergeCache): Merged["definition"] {
  return (key) => winnerIn(cache, key);
}

function contributionIn({ services }: Pick<MergeCache, "services">, service: string): Contribution {
  const own = services.get(service);
  return own === undefined ? NOTHING : contributionOf(own);
}

const NOTHING: Contribution = new Map();

/** What everybody says the name means. What is not contested is claimed by its owner, if by anybody. */
function claimsIn(cache: MergeCache, key: ResourceKey): readonly Definition[] {
  const verdict = cache.contested.get(key);
  if (verdict !== undefined) return verdict.definitions;
  const definition = winnerIn(cache, key);
  return definition === undefined ? [] : [definition];
}

function winnerIn(cache: MergeCache, key: ResourceKey): Definition | undefined {
  const verdict = cache.contested.get(key);
  if (verdict !== undefined) return verdict.winner;
  const owner = cache.owners.get(key);
  return owner && contributionIn(cache, owner.service).get(key);
}

function instanceBehind(cache: MergeCache, service: ResourceKey, endpoint: string): ServiceInstance | undefined {
  const winner = winnerIn(cache, service);
  if (winner === undefined) return undefined;
  return [winner, ...(cache.contested.get(service)?.sharing ?? [])]
    .map(({ origins }) => origins.get(endpoint))
    .find((instance) => instance !== undefined);
}

function unitedObject({ sharing }: Verdict, winner: Definition): ConfigObject {
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

/** The object that was there before, if the new one is written alike: who compares objects then sees no change. */
function asBefore(known: ConfigObject | undefined, object: ConfigObject, name: string): ConfigObject {
  return known !== undefined && chartLine(name, known) === chartLine(name, object) ? known : object;
}

/** The keys that each catalog service claimed and did not get. */
function lostNames(verdicts: readonly Verdict[]): ReadonlyMap<string, ReadonlySet<ResourceKey>> {
  const lost = new Map<string, Set<ResourceKey>>();
  for (const verdict of verdicts) {
    for (const { service } of verdict.lost) {
      lost.set(service, (lost.get(service) ?? new Set<ResourceKey>()).add(verdict.key));
    }
  }
  return lost;
}

/** What is to be said about the instances of one service that disagree. */
const supersededIn = memoize((own: readonly Translated[]) =>
  [...contributionOf(own).values()].flatMap(({ diagnostics }) => diagnostics),
);
