import type { Diagnostic } from "../diagnostics.ts";
import type { Memory, Origin, Owner } from "../memory.ts";
import type { Roll } from "../presence.ts";
import { rememberList } from "../remember.ts";
import { type ServiceInstance, serviceKey } from "../snapshot.ts";
import { meansSame, nameOfOperator } from "../statics/claims.ts";
import { NO_STATICS, type Statics } from "../statics/statics.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  kindOf,
  newConfig,
  type ResourceKey,
  resourceKey,
  SECTIONS,
  type Section,
  sectionsMade,
  splitKey,
} from "../traefik/dynamic-config.ts";
import { diagnose } from "../translate/finding.ts";
import type { Translated } from "../translate/instance.ts";
import { type Claim, type Definition, endpointOf, serversOf, shapeOf, uniteClaims, withServers } from "./definition.ts";
import { dropReliantOnLost, type Winners } from "./lost-names.ts";
import { judgeOwnership, OWNER_KEPT_MS } from "./ownership.ts";

/** All instances' wishes as one configuration. */
export interface Merged {
  readonly config: DynamicConfig;
  readonly owners: ReadonlyMap<ResourceKey, Owner>;
  readonly origin: Origin;
  /** Whose definition of a name counts. */
  readonly definitionOf: (section: Section, name: string) => Definition | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Merges what the routed instances ask for: first within each catalog service, then between services. The same name with
 * the same meaning is shared and its servers are united, as in Traefik; with another meaning the first owner keeps it.
 *
 * @param statics whose names nobody gets; they are no part of the result
 */
export function mergeFragments(
  roll: Roll,
  previous: Pick<Memory, "chart" | "owners">,
  nowMs: number,
  statics: Statics = NO_STATICS,
): Merged {
  const diagnostics: Diagnostic[] = [];
  const claimed = definitionsByKey(roll, diagnostics);
  // A map of their own only where something has changed: nobody stores the same owners twice.
  let owners: Map<ResourceKey, Owner> | undefined;
  let unclaimed = previous.owners.size;
  const winners: Winners = sectionsMade(() => new Map());
  const sharing = new Map<Definition, readonly Definition[]>();
  const lost = new Map<string, Set<string>>();

  for (const [key, definitions] of claimed) {
    const [{ section, name, service }] = definitions;
    if (statics.origins.has(key)) {
      for (const { service, object, instances } of definitions) {
        if (meansSame(statics, key, object)) continue;
        diagnostics.push(...instances.map((instance) => nameOfOperator(instance, key, statics)));
        lost.set(service, (lost.get(service) ?? new Set()).add(key));
      }
      continue;
    }
    const known = previous.owners.get(key);
    if (known !== undefined) unclaimed -= 1;
    if (definitions.length === 1 && known?.service === service && known.goneAtMs === undefined) {
      winners[section].set(name, definitions[0]);
      continue;
    }
    const published = previous.chart?.[section].get(name);
    const judged = judgeOwnership(definitions, known, published === undefined ? undefined : shapeOf(published), nowMs);
    owners ??= new Map(previous.owners);
    owners.set(key, judged.owner);
    for (const refused of judged.refused) {
      diagnostics.push(...nameTaken(section, name, refused, judged.owner));
      lost.set(refused.service, (lost.get(refused.service) ?? new Set()).add(key));
    }
    if (judged.winner === undefined) continue;
    winners[section].set(name, judged.winner);
    if (judged.sharing.length > 0) sharing.set(judged.winner, judged.sharing);
  }
  for (const [key, owner] of unclaimed === 0 ? [] : previous.owners) {
    const isOperators = statics.origins.has(key);
    if (claimed.has(key) && !isOperators) continue;
    const remembered = isOperators ? undefined : rememberedOwner(key, owner, previous.chart, nowMs);
    if (remembered === owner) continue;
    owners ??= new Map(previous.owners);
    if (remembered === undefined) owners.delete(key);
    else owners.set(key, remembered);
  }
  if (lost.size > 0) diagnostics.push(...dropReliantOnLost(winners, lost));

  const config = newConfig();
  for (const section of SECTIONS) {
    for (const [name, winner] of winners[section]) {
      const others = sharing.get(winner);
      const isShared = others !== undefined && kindOf(section) === "services";
      config[section].set(name, isShared ? uniteServers([winner, ...others]) : winner.object);
    }
  }
  const definitionOf = (section: Section, name: string) => winners[section].get(name);
  return { config, owners: owners ?? previous.owners, origin, definitionOf, diagnostics };

  function origin(service: ResourceKey, endpoint: string): ServiceInstance | undefined {
    const { section, name } = splitKey(service);
    const winner = winners[section].get(name);
    if (winner === undefined) return undefined;
    return [winner, ...(sharing.get(winner) ?? [])]
      .map(({ origins }) => origins.get(endpoint))
      .find((instance) => instance !== undefined);
  }
}

type Definitions = [Definition, ...Definition[]];

/** What each catalog service defines, by key: usually one definition for each. */
function definitionsByKey(roll: Roll, diagnostics: Diagnostic[]): ReadonlyMap<ResourceKey, Definitions> {
  const byKey = new Map<ResourceKey, Definitions>();
  for (const own of roll.values()) {
    for (const { definition, alone } of contributionOf(own)) {
      const known = byKey.get(definition.key);
      byKey.set(definition.key, known === undefined ? alone : [...known, definition]);
      if (definition.diagnostics.length > 0) diagnostics.push(...definition.diagnostics);
    }
  }
  return byKey;
}

/** What the instances of one catalog service define together. */
const contributionOf = rememberList((own: readonly Translated[]) => {
  const claims = new Map<ResourceKey, Claim[]>();
  for (const claim of own.flatMap(claimsOf)) {
    const key = resourceKey(claim.section, claim.name);
    const others = claims.get(key);
    if (others === undefined) claims.set(key, [claim]);
    else others.push(claim);
  }
  return [...claims.values()]
    .map(uniteClaims)
    .filter((definition) => definition !== undefined)
    .map((definition) => ({ definition, alone: [definition] satisfies Definitions as Definitions }));
});

function claimsOf({ instance, disposition }: Translated): readonly Claim[] {
  if (disposition.kind !== "routed") return [];
  const { config } = disposition.fragment;
  const service = serviceKey(instance);
  return SECTIONS.flatMap((section) =>
    [...config[section]].map(([name, object]) => ({ section, name, service, instance, object })),
  );
}

/**
 * The owner of a name that nobody claims at the moment: known as long as the name is published (held, or answering 503),
 * and for a while after that.
 */
function rememberedOwner(key: ResourceKey, owner: Owner, chart: Memory["chart"], nowMs: number): Owner | undefined {
  const { section, name } = splitKey(key);
  const goneAtMs = owner.goneAtMs ?? nowMs;
  const isPublished = chart?.[section].has(name) === true;
  if (!isPublished && nowMs - goneAtMs >= OWNER_KEPT_MS) return undefined;
  return owner.goneAtMs === goneAtMs ? owner : { service: owner.service, goneAtMs };
}

const uniteServers = rememberList((definitions: readonly Definition[]): ConfigObject => {
  const [first, ...others] = definitions;
  if (first === undefined) throw new Error("a service without a definition was merged");
  if (others.length === 0) return first.object;
  const servers = new Map(
    definitions.toReversed().flatMap(({ object }) => serversOf(object).map((s) => [endpointOf(s), s])),
  );
  return withServers(first.object, servers.values());
});

function nameTaken(section: Section, name: string, refused: Definition, owner: Owner): Diagnostic[] {
  return refused.instances.map((instance) =>
    diagnose(instance, {
      code: "NAME_TAKEN",
      message: `${resourceKey(section, name)} belongs to service ${JSON.stringify(owner.service)}, which defines it differently`,
      remedy: `choose another name, or give both services equal tags for it; the name is free ${OWNER_KEPT_MS / 1000} s after its owner's last healthy instance is gone`,
    }),
  );
}
