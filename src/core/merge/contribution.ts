import { serviceKey } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { gathering } from "../incremental/gathering.ts";
import { memoize } from "../incremental/memoize.ts";
import type { Translated } from "../instances/instance-state.ts";
import { type ResourceKey, resourceKey, SECTIONS } from "../traefik/chart/dynamic-config.ts";
import { leaveOutCanaries } from "./canaries.ts";
import { closedServices, NONE_CLOSED } from "./closed-services.ts";
import { type Definition, type InstanceDefinition, uniteDefinitions } from "./definition.ts";
import { lentDefinitions } from "./lent-definitions.ts";

/** What the instances of one catalog service define together, by key. */
export type Contribution = ReadonlyMap<ResourceKey, Definition>;

/** @param own all instances of one catalog service; memoized for this very list */
export function contributionOf(own: readonly Translated[]): Contribution {
  return united(own).contribution;
}

/** What is reported about services whose instances disagree. */
export const disagreementsIn = gathering(
  (own: readonly Translated[]): readonly Diagnostic[] => united(own).diagnostics,
);

interface United {
  readonly contribution: Contribution;
  readonly diagnostics: readonly Diagnostic[];
}

const united = memoize((own: readonly Translated[]): United => {
  const isServed = own.some(({ state }) => state.kind === "routed");
  const counting = leaveOutCanaries(isServed ? own.flatMap((one) => definitionsOf(one, own)) : lentDefinitions(own));
  const contribution = new Map<ResourceKey, Definition>();
  for (const [key, definitions] of byKey(counting.definitions)) {
    const definition = uniteDefinitions(definitions);
    if (definition !== undefined) contribution.set(key, definition);
  }
  const superseded = [...contribution.values()].flatMap(({ diagnostics }) => diagnostics);
  const diagnostics = [...superseded, ...counting.diagnostics];
  return { contribution, diagnostics: isServed && diagnostics.length > 0 ? diagnostics : NONE };
});

/** Nearly all services agree with themselves, and share this. */
const NONE: readonly Diagnostic[] = [];

function byKey(definitions: readonly InstanceDefinition[]): ReadonlyMap<ResourceKey, readonly InstanceDefinition[]> {
  const grouped = new Map<ResourceKey, InstanceDefinition[]>();
  for (const one of definitions) {
    const key = resourceKey(one.section, one.name);
    const others = grouped.get(key);
    if (others === undefined) grouped.set(key, [one]);
    else others.push(one);
  }
  return grouped;
}

function definitionsOf(one: Translated, own: readonly Translated[]): readonly InstanceDefinition[] {
  const { instance, state } = one;
  if (state.kind !== "routed") return [];
  const { fragment, isCanary = false } = state;
  const service = serviceKey(instance);
  const closed = fragment.leftOut.size === 0 ? NONE_CLOSED : closedServices(one, own);
  const found: InstanceDefinition[] = [];
  for (const section of SECTIONS) {
    if (fragment.config[section].size === 0) continue;
    for (const [name, object] of fragment.config[section]) {
      if (closed.size > 0 && closed.has(resourceKey(section, name))) continue;
      found.push({ section, name, service, instance, object, isCanary, isAway: false });
    }
  }
  return found;
}
