import { namespaceIn, namespaceOf, type ServiceInstance } from "../catalog/snapshot.ts";
import { sharingGroupOf } from "../instances/sharing-group.ts";
import type { Definition } from "../merge/definition.ts";
import {
  type ConfigObject,
  isRouterSection,
  type Protocol,
  protocolOf,
  type ResourceKey,
  type RouterSection,
} from "../traefik/chart/dynamic-config.ts";
import { type Area, EVERYTHING, reachOfRouter, wholePaths } from "../traefik/rule-reach/reach.ts";
import { nameOfSet } from "../traefik/rule-reach/text-set.ts";
import { tlsHostsOf } from "../traefik/rule-reach/tls-hosts.ts";
import { type RouterTls, tlsOf } from "./router-tls.ts";

/** A router together with its owner, as one that asks for hosts. */
export interface Claimant {
  readonly key: ResourceKey;
  readonly section: RouterSection;
  readonly protocol: Protocol;
  readonly name: string;
  readonly object: ConfigObject;
  /** The catalog service that owns the router, by its key; for a router of the operator the file or setting it is from. */
  readonly service: string;
  /** `absent`: the router of a service that has no routed instance at the moment. */
  readonly kind: "service" | "operator" | "absent";
  /** What a service's router was made from; undefined for other kinds. */
  readonly definition?: Definition;
  /** The instances of the service, newest first; none for the operator. */
  readonly instances: readonly ServiceInstance[];
  /** The keys of the service's sharing group; none for the operator. */
  readonly sharingGroup: ReadonlySet<string>;
  /** The catalog's index at the first registration: the lower, the older. 0 for the operator and for absent services. */
  readonly createIndex: number;
  /** The requests that the rule can match. */
  readonly areas: readonly Area[];
  /** Traefik asks the router with the greatest priority first. */
  readonly priority: number;
  /** Empty: Traefik's default ones. */
  readonly entryPoints: readonly string[];
  /** The hosts that the rule names one by one. */
  readonly hosts: readonly string[];
  /** Names of the sets of many hosts that the rule takes without any further condition, with the protocol. */
  readonly sets: readonly string[];
  /** What it states about TLS; undefined where it states nothing. */
  readonly tls: RouterTls | undefined;
  /** The hosts that the rule names and the router does not ask for, since they are negated or out of reach. */
  readonly namedOnly: readonly string[];
  /** The hosts in `tls.domains` that it does not ask for. */
  readonly domainsOnly: readonly string[];
  /** Whether the rule matches more hosts than those that it names, in some part of it. */
  readonly isWide: boolean;
}

type DerivedFromRule =
  | "protocol"
  | "areas"
  | "priority"
  | "entryPoints"
  | "hosts"
  | "sets"
  | "tls"
  | "namedOnly"
  | "domainsOnly"
  | "isWide";

/** The claimant for a router and its owner: what its rule asks for is worked out here. */
export function claimantOf(router: Omit<Claimant, DerivedFromRule>): Claimant {
  const { areas = [EVERYTHING], priority, entryPoints } = reachOfRouter(router.section, router.object);
  const wide = areas.filter(({ host }) => !host.isExact);
  const protocol = protocolOf(router.section);
  const hosts = [...new Set(areas.filter(({ host }) => host.isExact).map(({ host }) => host.prefix))];
  const { named, domains } = tlsHostsOf(router.section, router.object);
  const isOthers = (host: string) => !hosts.includes(host);
  return {
    ...router,
    protocol,
    areas,
    priority,
    entryPoints,
    hosts,
    tls: tlsOf(router.object),
    namedOnly: named.filter(isOthers),
    domainsOnly: domains.filter(isOthers),
    sets: [
      ...new Set(
        wide
          .filter((area) => !area.isNarrowed)
          .map(({ host, path }) => `${protocol} ${nameOfSet(host)}${nameOfSet(wholePaths(path))}`),
      ),
    ],
    isWide: wide.length > 0,
  };
}

/** The claimant for a router that a catalog service defines. */
export function claimantOfDefinition(definition: Definition): Claimant {
  const { key, section, name, object, service, instances, createIndex } = definition;
  if (!isRouterSection(section)) throw new Error(`${key} is no router; only routers ask for hosts`);
  return claimantOf({
    key,
    section,
    name,
    object,
    service,
    kind: "service",
    instances,
    sharingGroup: sharingGroupOf(instances),
    createIndex,
    definition,
  });
}

/** Whether the services of two claimants are of one namespace. The operator's routers are of none, and count as of any. */
export function areOfOneNamespace(one: Claimant, other: Claimant): boolean {
  if (one.kind === "operator" || other.kind === "operator") return true;
  return namespaceOfClaimant(one) === namespaceOfClaimant(other);
}

function namespaceOfClaimant({ instances: [newest], service }: Claimant): string {
  return newest === undefined ? namespaceIn(service) : namespaceOf(newest);
}

/** Compares by age, oldest registration first, then by name, so that all nodes have the same order. */
export function bySeniority(one: Claimant, other: Claimant): number {
  return (
    one.createIndex - other.createIndex || compareTexts(one.service, other.service) || compareTexts(one.key, other.key)
  );
}

function compareTexts(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
