import type { ServiceInstance } from "../catalog/snapshot.ts";
import { hasRestricted, isAllowList } from "../demands/restricted-ports.ts";
import { type Meanings, unmetDemand } from "../demands/unmet-demands.ts";
import { unmetFinding } from "../demands/unmet-finding.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose } from "../diagnostics/finding.ts";
import type { Steps } from "../incremental/steps.ts";
import { translatorFor } from "../instances/instance.ts";
import type { TranslatedServices } from "../instances/instance-state.ts";
import type { Definition } from "../merge/definition.ts";
import type { FindDefiners } from "../merge/merge-memory.ts";
import type { Owner } from "../merge/owner.ts";
import { type Demand, requiredIn } from "../policy/required-middlewares.ts";
import { type Pass, type StageResult, stageResult } from "../stage.ts";
import { patchConfig } from "../traefik/chart/config-patch.ts";
import {
  type DynamicConfig,
  isRouterSection,
  type ResourceKey,
  resourceKey,
  routersOf,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { endpointOf, serversOf } from "../traefik/chart/servers.ts";
import { demandingPlaces, isAtPlainAddress, placeOfServer } from "./demanding-places.ts";
import type { MayOutlive } from "./outlives-owner.ts";
import { ownDemandsBy } from "./own-demands.ts";

export interface DetoursInput {
  /** All that is asked for and may be had. */
  readonly config: DynamicConfig;
  readonly definersOf: FindDefiners;
  readonly services: TranslatedServices;
  /** Instances that are registered and do not count in this pass. */
  readonly uncounted: readonly ServiceInstance[];
  /** What the pass before has published, and whose it was. */
  readonly previous: {
    readonly chart: DynamicConfig | undefined;
    readonly owners: ReadonlyMap<ResourceKey, Owner>;
  };
  /** Was the service, by its key, registered where a published server of its own is? */
  readonly isOwnPlace: (service: string, endpoint: string) => boolean;
  /** Was the published router made by other settings, and is it held for that? */
  readonly isOfOtherSettings: (router: ResourceKey) => boolean;
  readonly mayOutlive: MayOutlive;
}

export interface WithoutDetours {
  readonly config: DynamicConfig;
  /** As given, but for routers that would lead past a demand by a name that has changed hands, be it among kin. */
  readonly mayOutlive: MayOutlive;
}

/**
 * The stage that leaves out routers that lead to a service without what the policy (`middlewares.require`) or the ledger
 * (`restricted`) demands of every router to it: those of other services, which its own rule says nothing of.
 *
 * | a router leads to the service | it counts |
 * |---|---|
 * | by name, or by a service that has it among its own: weighted, mirrored, in failover | yes |
 * | by the error pages of a middleware | yes, and what is demanded must come before that middleware |
 * | by a service with a server (`server.url`) that is, or may be, at a place of the service: `demandingPlaces` | yes |
 * | and is the operator's | no |
 */
export function* leaveOutDetours(
  { settings }: Pass,
  { config, definersOf, services, uncounted, previous, isOwnPlace, isOfOtherSettings, mayOutlive }: DetoursInput,
): Steps<StageResult<WithoutDetours, undefined>> {
  const { policy } = settings;
  const { ledger } = settings.ports;
  const demandsAnything = (policy !== undefined && requiredIn(policy).size > 0) || hasRestricted(ledger);
  if (!demandsAnything) return stageResult({ config, mayOutlive }, undefined);
  const demandsOfPlace = demandingPlaces(services, uncounted.map(translatorFor(settings)), settings);
  const ownDemandsOf = ownDemandsBy(settings);
  const demandsBy = (definitions: readonly Definition[], isOwnAsked: (service: string) => boolean) => {
    const allowLists: Demand[] = [];
    const ofPolicy = new Set<Demand>();
    for (const definition of definitions) {
      const own = ownDemandsOf(definition);
      for (const place of own.places) {
        for (const demand of demandsOfPlace(place, definition.service)) ofPolicy.add(demand);
      }
      if (!isOwnAsked(definition.service)) continue;
      for (const demand of own.ofPolicy) ofPolicy.add(demand);
      allowLists.push(...own.allowLists);
    }
    return [...ofPolicy, ...allowLists];
  };
  const meanings: Meanings = {
    objectAt: (section, name) => config[section].get(name),
    isOfTags: (name) => !isAllowList(name) && definersOf(resourceKey("http/middlewares", name)).length > 0,
    demandsAt: memoizeByKey((key) => demandsBy(definersOf(key), () => true)),
  };
  yield;
  const patch = patchConfig(config);
  const diagnostics: Diagnostic[] = [];
  for (const { key, section, name, router } of routersOf(config)) {
    const unmet = unmetDemand(section, router, undefined, meanings);
    if (unmet === undefined) continue;
    const instances = definersOf(key)[0]?.instances ?? [];
    const [newest] = instances;
    // The operator's may.
    if (newest === undefined) continue;
    patch.drop(section, name);
    const nameInTags = settings.equalNames === "prefix" ? undefined : name;
    const finding = unmetFinding(unmet, { section, name, nameInTags, router, instance: newest }, settings);
    diagnostics.push(...instances.map((instance) => diagnose(instance, { ...finding, leavesOut: key })));
  }
  // Where its own instances were, a server goes with its port: so registering there takes no held route away.
  const goesWithPort = (service: string | undefined, endpoint: string) =>
    service !== undefined && isAtPlainAddress(endpoint) && isOwnPlace(service, endpoint);
  const outliving: Meanings = {
    ...meanings,
    objectAt: (section, name) => config[section].get(name) ?? previous.chart?.[section].get(name),
    demandsAt: memoizeByKey((key) => {
      if (definersOf(key).length > 0) return meanings.demandsAt(key);
      const { section, name } = splitKey(key);
      const before = previous.owners.get(key)?.service;
      return serversOf(previous.chart?.[section].get(name) ?? {})
        .map(endpointOf)
        .filter((endpoint) => !goesWithPort(before, endpoint))
        .flatMap((endpoint) => [...demandsOfPlace(placeOfServer(endpoint), before)]);
    }),
  };
  // What other settings demand of a service itself takes away no router that was led to it: that is for the operator to confirm.
  const beforeSettings: Meanings = {
    ...outliving,
    demandsAt(key) {
      const definers = definersOf(key);
      const before = previous.owners.get(key)?.service;
      return definers.length > 0 ? demandsBy(definers, (service) => service !== before) : outliving.demandsAt(key);
    },
  };
  const staysOnItsWay: MayOutlive = (key, how) => {
    const { section, name } = splitKey(key);
    const router = previous.chart?.[section].get(name);
    const its = isOfOtherSettings(key) ? beforeSettings : outliving;
    const isMet =
      router === undefined || !isRouterSection(section) || unmetDemand(section, router, undefined, its) === undefined;
    return isMet && mayOutlive(key, how);
  };
  return { ...stageResult({ config: patch.result(), mayOutlive: staysOnItsWay }, undefined), diagnostics };
}

/** Many routers lead to a service, and it has thousands of instances. */
function memoizeByKey(find: (key: ResourceKey) => readonly Demand[]): (key: ResourceKey) => readonly Demand[] {
  const known = new Map<ResourceKey, readonly Demand[]>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = find(key);
    known.set(key, found);
    return found;
  };
}
