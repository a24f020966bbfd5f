import { namespaceIn } from "../catalog/snapshot.ts";
import type { AreKin } from "../instances/kinship.ts";
import type { CoreSettings } from "../settings.ts";
import { isRouterSection, type Section } from "../traefik/chart/dynamic-config.ts";
import { asksServer } from "../traefik/connections/asks-server.ts";
import { isOfAllNamespaces, isOneParty, mayMeanTheSame } from "./common-servers.ts";
import type { Definition } from "./definition.ts";
import { absentOwner, type Owner } from "./owner.ts";

/** How long a name is kept for an owner that has no routed instance, before another service may take it over. */
export const OWNER_KEPT_MS = 30_000;

/**
 * The same for a name of one section: that of a router is kept as long as its hosts are (`claims.keptMs`), since a service that
 * had the name would be asked for them in the owner's place.
 */
export function nameKeptMs(section: Section, { keptMs }: CoreSettings["claims"]): number {
  return isRouterSection(section) ? Math.max(OWNER_KEPT_MS, keptMs) : OWNER_KEPT_MS;
}

export interface Ownership {
  /** The definition that counts; nothing while the name is kept for an absent owner. */
  readonly winner: Definition | undefined;
  /** Others that mean the same and may share the name: those of its namespace, of a middleware those of all. */
  readonly sharing: readonly Definition[];
  /** Others: they mean something else, or are of another namespace. */
  readonly refused: readonly Definition[];
  /** Whose the name is. */
  readonly owner: Owner;
}

/** What is known of a name from before. */
export interface KnownName {
  readonly owner: Owner | undefined;
  /** What the name means in the published chart: a successor that means the same need not wait. */
  readonly shape: string | undefined;
  /** Other services use it: it is not free for as long as they do. */
  readonly isBorrowed: boolean;
  /** The owner has an instance in the catalog. */
  readonly isRegistered: boolean;
  /** For how long the name is kept for an absent owner. */
  readonly keptMs: number;
}

/**
 * Decides whose definition of a name counts: the first owner keeps it. First is the service that had it in the last chart, then (of
 * several catalogs, whose indexes say nothing to each other) whose catalog's name is, then the lowest CreateIndex, then the
 * service's name, so that all nodes decide alike. Where the built-in provider deletes a name that two
 * services define differently, the owner here does not notice.
 *
 * Namespaces are as apart as catalogs whose services disagree: a tenant who may register in one could take a share of the traffic
 * of a service in another by registering it once more, tag by tag. Middlewares that mean the same are shared.
 *
 * | the owner | no other service uses the name | others use it |
 * |---|---|---|
 * | defines it and gets traffic | its definition counts | the same |
 * | defines it and gets no traffic | its definition counts; after 30 s that of a service which gets traffic | its definition counts |
 * | does not define it | kept for 30 s; one that means the same lends it meanwhile, and has it where it is kin or the same service of another catalog; then the next one has it | no other service has it but one of its kin; one that means the same lends it meanwhile, unless it asks another server |
 */
export function judgeOwnership(
  definitions: readonly Definition[],
  { owner: known, shape: knownShape, isBorrowed, isRegistered, keptMs }: KnownName,
  nowMs: number,
  areKin: AreKin,
): Ownership {
  const byAge = [...definitions].sort(firstComer);
  const served = byAge.find(({ isAway }) => !isAway);
  const own = known === undefined ? undefined : byAge.find((definition) => definition.service === known.service);
  const isSuccessor = ({ service }: Definition) => known === undefined || !isBorrowed || areKin(service, known.service);
  const isAbsent = known !== undefined && (own === undefined || own.isAway);
  const heir = isBorrowed ? byAge.find((one) => isSuccessor(one)) : (served ?? byAge[0]);
  const isAwaited =
    isAbsent && (isKept(known, keptMs, nowMs) || (isBorrowed && (heir === undefined || own !== undefined)));
  const alike = isAwaited
    ? byAge.find(
        (one) =>
          !one.isAway &&
          one.shape === knownShape &&
          (one.namespace === namespaceIn(known.service) || isOfAllNamespaces(one.section)) &&
          mayMeanTheSame(one, known.service, areKin) &&
          !(isBorrowed && asksServer(one.section, one.object)),
      )
    : undefined;
  const present = own?.isAway === true && !isAwaited && served !== undefined ? undefined : own;
  const winner = present ?? (isAwaited ? alike : heir);
  const others = byAge.filter((definition) => definition !== winner);
  const isSharing = (one: Definition) =>
    winner !== undefined &&
    one.shape === winner.shape &&
    (one.namespace === winner.namespace || isOfAllNamespaces(one.section)) &&
    mayMeanTheSame(one, winner.service, areKin);
  // A stranger that means the same lends the name meanwhile: as its owner it could change it, and the hosts would be free.
  const isLending = (one: Definition) => isAwaited && (isBorrowed || !isOneParty(one, known.service, areKin));
  const isOwners = winner === undefined || winner === own || isLending(winner);
  return {
    winner,
    sharing: others.filter(isSharing),
    refused: others.filter((definition) => !isSharing(definition)),
    owner:
      known !== undefined && isOwners
        ? own?.isAway === false
          ? { service: known.service }
          : absentOwner(known, isRegistered, nowMs)
        : ownedBy(winner, nowMs),
  };
}

function ownedBy(winner: Definition | undefined, nowMs: number): Owner {
  return { service: winner?.service ?? "", ...(winner?.isAway === true ? { goneAtMs: nowMs } : {}) };
}

/** Is the name still kept for its owner, should the owner be absent? */
export function isKept({ goneAtMs }: Owner, keptMs: number, nowMs: number): boolean {
  return nowMs - (goneAtMs ?? nowMs) < keptMs;
}

function firstComer(a: Definition, b: Definition): number {
  const [one = "", other = ""] = [a.catalogName, b.catalogName];
  if (one !== other) return one < other ? -1 : 1;
  return a.createIndex - b.createIndex || (a.service < b.service ? -1 : 1);
}
