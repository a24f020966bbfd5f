import { type Area, commonArea, wholePaths } from "../traefik/rule-reach/reach.ts";
import { isSupersetOf, isUnbounded } from "../traefik/rule-reach/text-set.ts";
import type { Claimant } from "./claimant.ts";

/* How the requests of two routers meet: the questions that host conflicts are decided by. */

/** Names that Traefik's documentation and packages give to entry points of HTTP. */
const WEB: readonly string[] = ["web", "websecure", "http", "https"];

/**
 * Whether two routers listen at one entry point, or may do so.
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
    return haveCommonName(one.entryPoints, other.entryPoints.length === 0 ? WEB : other.entryPoints);
  }
  if (one.entryPoints.length === 0 || other.entryPoints.length === 0) return true;
  return haveCommonName(one.entryPoints, other.entryPoints);
}

function haveCommonName(one: readonly string[], other: readonly string[]): boolean {
  return one.some((name) => other.includes(name));
}

/**
 * Whether two routers of strangers compete for a host that both name. A host belongs to one owner at all entry points of
 * HTTP; a TCP or UDP router competes only at its own entry points.
 */
export function competeForHost(one: Claimant, other: Claimant): boolean {
  return (one.protocol === "http" && other.protocol === "http") || shareEntryPoint(one, other);
}

/**
 * Whether Traefik asks one before the other, or may do so: equal priorities leave the order to Traefik. TCP routers come
 * before HTTP routers at an entry point, whatever their priority.
 */
export function comesBefore(one: Claimant, other: Claimant): boolean {
  if (one.protocol === other.protocol) return one.priority >= other.priority;
  return one.protocol === "tcp" && other.protocol === "http";
}

/** Whether a wide rule could take requests to a host that a router of another service names. */
export function isThreatTo(wide: Claimant, named: Claimant): boolean {
  return (
    wide.service !== named.service &&
    comesBefore(wide, named) &&
    shareEntryPoint(wide, named) &&
    wide.areas.some(
      (area) => !area.host.isExact && named.areas.some((own) => own.host.isExact && commonArea(area, own)),
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

/**
 * Whether a rule takes many hosts with all their paths, without any further condition. A path of which nothing is known but
 * conditions (`!Path(...)`) counts as all paths.
 */
export function takesWholeHosts({ areas }: Claimant): boolean {
  return areas.some(({ host, path, isNarrowed }) => !host.isExact && !isNarrowed && isUnbounded(wholePaths(path)));
}
