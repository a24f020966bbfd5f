import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Definition } from "../merge/definition.ts";
import {
  type ConfigObject,
  isRouterSection,
  type Protocol,
  protocolOf,
  type ResourceKey,
  type RouterSection,
} from "../traefik/chart/dynamic-config.ts";
import { type Area, commonArea, EVERYTHING, reachOfRouter } from "../traefik/rule-reach/reach.ts";
import { covers, isUnbounded, nameOfSet } from "../traefik/rule-reach/text-set.ts";
import { sharingGroupOf } from "./sharing-group.ts";

/** A router, and who asks for it. */
export interface Claimant {
  readonly key: ResourceKey;
  readonly section: RouterSection;
  readonly protocol: Protocol;
  readonly name: string;
  readonly object: ConfigObject;
  /** The catalog service, by its key; the operator's file or setting for a router of theirs. */
  readonly service: string;
  readonly kind: "service" | "operator" | "absent";
  /** What it was made from, where a service asks. */
  readonly definition?: Definition;
  /** Nobody for the operator's. */
  readonly instances: readonly ServiceInstance[];
  /** What makes it kin to others. */
  readonly sharingGroup: ReadonlySet<string>;
  readonly createIndex: number;
  readonly areas: readonly Area[];
  readonly rank: number;
  readonly entryPoints: readonly string[];
  /** Hosts that it names one by one. */
  readonly hosts: readonly string[];
  /** Names of whole sets of requests that it takes without any condition. */
  readonly sets: readonly string[];
  readonly isBroad: boolean;
}

type Asking = Pick<
  Claimant,
  | "key"
  | "section"
  | "name"
  | "object"
  | "service"
  | "kind"
  | "instances"
  | "sharingGroup"
  | "createIndex"
  | "definition"
>;

export function claimantOf(asking: Asking): Claimant {
  const { areas = [EVERYTHING], rank, entryPoints } = reachOfRouter(asking.section, asking.object);
  const broad = areas.filter(({ host }) => !host.isExact);
  const protocol = protocolOf(asking.section);
  return {
    ...asking,
    protocol,
    areas,
    rank,
    entryPoints,
    hosts: [...new Set(areas.filter(({ host }) => host.isExact).map(({ host }) => host.prefix))],
    sets: [
      ...new Set(
        broad
          .filter((area) => !area.isNarrowed)
          .map(({ host, path }) => `${protocol} ${nameOfSet(host)}${nameOfSet(rooted(path))}`),
      ),
    ],
    isBroad: broad.length > 0,
  };
}

/** Every path begins with a slash: to ask for that is to ask for all of them. */
function rooted(path: Area["path"]): Area["path"] {
  return path.prefix === "/" && !path.isExact ? { ...path, prefix: "" } : path;
}

/** What a service defines: a router. */
export function claimantOfDefinition(definition: Definition): Claimant {
  const { key, section, name, object, service, instances, createIndex } = definition;
  if (!isRouterSection(section)) throw new Error(`${key} is no router, which alone claims hosts`);
  const sharingGroup = sharingGroupOf(instances);
  return claimantOf({
    key,
    section,
    name,
    object,
    service,
    kind: "service",
    instances,
    sharingGroup,
    createIndex,
    definition,
  });
}

/** Oldest first; the same on all nodes. */
export function bySeniority(one: Claimant, other: Claimant): number {
  return (
    one.createIndex - other.createIndex || compareTexts(one.service, other.service) || compareTexts(one.key, other.key)
  );
}

function compareTexts(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

/** What entry points of HTTP are called in Traefik's documentation and packages. */
const WEB: readonly string[] = ["web", "websecure", "http", "https"];

/**
 * Do both listen at one place? Who names no entry point listens at Traefik's default ones, but in UDP at none. They may
 * be all there are; but nobody looks for HTTP where a TCP router has an entry point of its own.
 */
export function shareEntryPoint(one: Claimant, other: Claimant): boolean {
  if (one.protocol === "udp" || other.protocol === "udp") return meet(one.entryPoints, other.entryPoints);
  if (one.protocol === "http" && other.protocol === "tcp") return shareEntryPoint(other, one);
  if (one.protocol === "tcp" && other.protocol === "http" && one.entryPoints.length > 0) {
    return meet(one.entryPoints, other.entryPoints.length === 0 ? WEB : other.entryPoints);
  }
  if (one.entryPoints.length === 0 || other.entryPoints.length === 0) return true;
  return meet(one.entryPoints, other.entryPoints);
}

function meet(one: readonly string[], other: readonly string[]): boolean {
  return one.some((name) => other.includes(name));
}

/** Does Traefik ask it first, or nobody knows which? TCP routers come before those of HTTP at an entry point. */
export function outranks(one: Claimant, other: Claimant): boolean {
  if (one.protocol === other.protocol) return one.rank >= other.rank;
  return one.protocol === "tcp" && other.protocol === "http";
}

/** Could a rule for many hosts take requests to hosts that the other names? */
export function threatens(broad: Claimant, named: Claimant): boolean {
  return (
    broad.service !== named.service &&
    outranks(broad, named) &&
    shareEntryPoint(broad, named) &&
    broad.areas.some(
      (area) => !area.host.isExact && named.areas.some((own) => own.host.isExact && commonArea(area, own)),
    )
  );
}

/** Does it take every request of some area of the other's, a host that is named there? */
export function takesAll(
  one: Claimant,
  other: Claimant,
  counts: (area: Area, theirs: Area) => boolean = () => true,
): boolean {
  return other.areas.some(
    (theirs) =>
      theirs.host.isExact &&
      one.areas.some(
        (area) =>
          !area.isNarrowed &&
          counts(area, theirs) &&
          covers(area.host, theirs.host) &&
          covers(rooted(area.path), theirs.path),
      ),
  );
}

/** The same for one host. */
export function takesAllAt(host: string, one: Claimant, other: Claimant): boolean {
  return takesAll(one, other, (_, theirs) => theirs.host.prefix === host);
}

/** The same, if it does so by asking for all hosts there are. */
export function takesAllBlindly(one: Claimant, other: Claimant): boolean {
  return takesAll(one, other, ({ host }) => isUnbounded(host));
}
