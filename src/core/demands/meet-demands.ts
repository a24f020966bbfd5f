import { withMiddlewaresAfterDefaults } from "../default-middlewares/dressed-router.ts";
import type { DefaultsSubject } from "../default-middlewares/put-before.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { demandOf } from "../policy/required-middlewares.ts";
import {
  type MutableConfig,
  newConfig,
  protocolOf,
  type ResourceKey,
  ROUTER_SECTIONS,
  resourceKey,
  splitKey,
  transportOf,
} from "../traefik/chart/dynamic-config.ts";
import { endpointOf, serversOf } from "../traefik/chart/servers.ts";
import type { Fragment } from "../translate/draft.ts";
import { leaveOut } from "../translate/left-out.ts";
import { type AllowList, allowListsAt, hasRestricted, isAllowList } from "./restricted-ports.ts";
import { demandsReached, type Meanings, unmetDemand } from "./unmet-demands.ts";
import { unmetFinding } from "./unmet-finding.ts";

/**
 * Makes the routers of an instance meet what is demanded of them, or leaves them out. The default middlewares count as their own,
 * so that this comes after them. Where other services' routers lead to it is judged when all of them are known.
 *
 * | demanded by | a router of HTTP or TCP | of UDP |
 * |---|---|---|
 * | the policy (`middlewares.require`) | is left out without | is left out, unless its entry points are listed; TCP, too |
 * | the ledger (`restricted`) | gets the allow-list, before its own middlewares | is left out |
 */
export function meetDemands(
  fragment: Fragment,
  subject: DefaultsSubject,
): { readonly fragment: Fragment; readonly findings: readonly Finding[] } {
  const { instance, settings } = subject;
  const { ledger } = settings.ports;
  const ofPolicy = demandOf(instance, settings.policy);
  if (ofPolicy === undefined && !hasRestricted(ledger)) return { fragment, findings: [] };
  const own = ofPolicy === undefined ? [] : [ofPolicy];
  const config = newConfig(fragment.config);
  const allowListsOf = (key: ResourceKey): readonly AllowList[] => {
    const { section, name } = splitKey(key);
    const protocol = transportOf(section);
    const servers = serversOf(config[section].get(name) ?? {});
    return servers.flatMap((server) => allowListsAt(endpointOf(server), protocol, instance, ledger));
  };
  const meanings: Meanings = {
    objectAt: (section, name) => config[section].get(name),
    isOfTags: (middleware) => !isAllowList(middleware) && config["http/middlewares"].has(middleware),
    demandsAt: (key) => [...own, ...allowListsOf(key)],
  };
  putAllowLists(config, meanings, settings.traefik.defaultMiddlewares);
  const refused = new Map<ResourceKey, Finding>();
  for (const section of ROUTER_SECTIONS) {
    for (const [name, router] of config[section]) {
      const unmet = unmetDemand(section, router, ofPolicy, meanings);
      if (unmet === undefined) continue;
      const nameInTags = name === subject.defaultName ? subject.defaultNameInTags : name;
      const finding = unmetFinding(unmet, { section, name, nameInTags, router, instance }, settings);
      refused.set(resourceKey(section, name), finding);
    }
  }
  const left = leaveOut({ ...fragment, config }, refused);
  return { fragment: left.fragment, findings: [...refused.values(), ...left.findings] };
}

/** Puts the allow-lists of restricted ports before the middlewares of the routers that lead there. */
function putAllowLists(
  config: MutableConfig,
  meanings: Meanings,
  defaults: Parameters<typeof withMiddlewaresAfterDefaults>[2],
): void {
  for (const section of ["http/routers", "tcp/routers"] as const) {
    const protocol = protocolOf(section) === "tcp" ? "tcp" : "http";
    for (const [name, router] of config[section]) {
      const lists = new Map<string, AllowList>();
      for (const { demand } of demandsReached(section, router, meanings)) {
        if (isMadeByPortolan(demand)) lists.set(demand.name, demand);
      }
      if (lists.size === 0) continue;
      for (const { name: list, object } of lists.values()) config[`${protocol}/middlewares`].set(list, object);
      const before = [...lists.keys()];
      config[section].set(name, withMiddlewaresAfterDefaults(router, before, protocol === "http" ? defaults : {}));
    }
  }
}

function isMadeByPortolan(demand: object): demand is AllowList {
  return "object" in demand;
}
