import { type Area, commonArea, wholePaths } from "../traefik/rule-reach/reach.ts";
import { isSupersetOf, isUnbounded } from "../traefik/rule-reach/text-set.ts";
import { WEB_ENTRY_POINTS } from "../traefik/rule-reach/web-entry-points.ts";
import type { Claimant } from "./claimant.ts";

/* How the requests of two routers meet: the questions that host conflicts are decided by. */

/** Traefik's own entry point: no default one. */
const TRAEFIKS_OWN = "traefik";

/**
 * Whether two routers listen at one entry point, as far as names tell: what decides between services that may share a host.
 *
 * | one names | other names | they share one where |
 * |---|---|---|
 * | entry points | entry points | they name the same |
 * | none, HTTP or TCP: Traefik's default ones | anything | always: the default ones may be all there are |
 * | entry points, TCP | none, HTTP | the TCP router names one that is called like one of HTTP |
 * | none, UDP | anything | never: a UDP router without entry points listens nowhere |
 */
export function shareEntryPoint(one: Claimant, other: Claimant): boolean {
  if (one.protocol === "udp" || other.protocol === "udp") return haveCommonName(one.entryPoints, other.entryPoints);
  if (one.protocol === "http" && other.protocol === "tcp") return shareEntryPoint(other, one);
  if (one.protocol === "tcp" && other.protocol === "http" && one.entryPoints.length > 0) {
    return haveCommonName(one.entryPoints, other.entryPoints.length === 0 ? WEB_ENTRY_POINTS : other.entryPoints);
  }
  if (one.entryPoints.length === 0 || other.entryPoints.length === 0) return true;
  return haveCommonName(one.entryPoints, other.entryPoints);
}

/**
 * Whether two routers may listen at one entry point: what decides between strangers. As `shareEntryPoint`, but an HTTP router
 * that names none may listen at any entry point of TCP, whatever its name: Traefik's default ones are all there are, unless its
 * static configuration says otherwise, which portolan does not know.
 */
export function mayShareEntryPoint(one: Claimant, other: Claimant): boolean {
  if (one.protocol === "http" && other.protocol === "tcp") return mayShareEntryPoint(other, one);
  if (one.protocol === "tcp" && other.protocol === "http" && other.entryPoints.length === 0) {
    return one.entryPoints.length === 0 || one.entryPoints.some((name) => name !== TRAEFIKS_OWN);
  }
  return shareEntryPoint(one, other);
}

/** Whether a TCP router listens where HTTP is at home: at the default entry points, or at one that is called so. */
export function isAtHttpEntryPoint({ entryPoints }: Claimant): boolean {
  return entryPoints.length === 0 || haveCommonName(entryPoints, WEB_ENTRY_POINTS);
}

function haveCommonName(one: readonly string[], other: readonly string[]): boolean {
  return one.some((name) => other.includes(name));
}

/**
 * Whether two routers of strangers compete for a host that both name. A host belongs to one owner at all entry points of
 * HTTP; a TCP or UDP router competes only at its own entry points.
 */
export function competeForHost(one: Claimant, other: Claimant): boolean {
  return (one.protocol === "http" && other.protocol === "http") || mayShareEntryPoint(one, other);
}

/**
 * Whether Traefik asks one before the other, or may do so: equal priorities leave the order to Traefik. TCP routers come
 * before HTTP routers at an entry point, whatever their priority.
 */
export function comesBefore(one: Claimant, other: Claimant): boolean {
  if (one.protocol === other.protocol) return one.priority >= other.priority;
  return one.protocol === "tcp" && other.protocol === "http";
}

/**
 * Whether a wide rule could take requests from a router of another service: to a host that it names, or, as TCP for any host
 * before HTTP, all that there are.
 */
export function isThreatTo(wide: Claimant, other: Claimant): boolean {
  const isOverProtocols = wide.protocol !== other.protocol;
  return (
    wide.service !== other.service &&
    comesBefore(wide, other) &&
    mayShareEntryPoint(wide, other) &&
    wide.areas.some(
      (area) =>
        !area.host.isExact &&
        other.areas.some(
          (own) => (own.host.isExact || (isOverProtocols && isUnbounded(area.host))) && commonArea(area, own),
        ),
    )
  );
}

/**
 * Whether one takes every request of some part of the other's rule in which a host is named.
 *
 * @param counts which of one's areas count against which of the other's; all where it is left out
 */
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
          isSupersetOf(area.host, theirs.host) &&
          isSupersetOf(wholePaths(area.path), theirs.path),
      ),
  );
}

/** As `takesAll`, for the parts of the other's rule that name this host. */
export function takesAllAt(host: string, one: Claimant, other: Claimant): boolean {
  return takesAll(one, other, (_, theirs) => theirs.host.prefix === host);
}

/** As `takesAll`, where one does so by asking for all hosts there are. */
export function takesAllByAnyHost(one: Claimant, other: Claimant): boolean {
  return takesAll(one, other, ({ host }) => isUnbounded(host));
}

/** Whether a rule takes all hosts there are, without any further condition. */
export function takesAnyHost({ areas }: Claimant): boolean {
  return areas.some(({ host, isNarrowed }) => !isNarrowed && isUnbounded(host));
}

/**
 * Whether a rule takes many hosts with all their paths, without any further condition. A path of which nothing is known but
 * conditions (`!Path(...)`) counts as all paths.
 */
export function takesWholeHosts({ areas }: Claimant): boolean {
  return areas.some(({ host, path, isNarrowed }) => !host.isExact && !isNarrowed && isUnbounded(wholePaths(path)));
}
