import type { ResourceKey } from "../../traefik/chart/dynamic-config.ts";
import type { AbsentOwner } from "../absent-owners.ts";
import type { Claimant } from "../claimant.ts";
import { shareEntryPoint } from "../claimant-overlap.ts";
import type { HostIndex } from "../host-index.ts";
import type { Sharing } from "../sharing.ts";
import type { Refusal, Refusals } from "./refusal.ts";

/** Routers that would have a say in the TLS of a stranger's host. */
export interface WithoutConsent {
  readonly refused: Refusals;
  /** Published routers of absent owners that must not stay → the router whose host is concerned. */
  readonly replaced: ReadonlyMap<ResourceKey, ResourceKey>;
}

/** What is known when this is decided: who asks for which hosts, and who has them. */
export interface TlsContest {
  readonly index: HostIndex;
  readonly absentOwners: readonly AbsentOwner[];
  /** What is refused, and which routers of absent owners are replaced, for the requests that they ask for. */
  readonly refused: Refusals;
  readonly replaced: ReadonlyMap<ResourceKey, ResourceKey>;
  readonly sharing: Sharing;
}

/**
 * Finds the routers that name hosts of others for which Traefik would take their TLS settings. It takes them for every host
 * that a rule names, also where the rule cannot match it: two routers that name different TLS options for a host put
 * both out of force, so that ``!Host(`bank`)`` takes the demand for a client's certificate away from `bank`. A host that an
 * HTTP router names takes its connections from a TCP router with TLS as well.
 *
 * | a router names a host that it does not ask for | it is left out where another party asks for the host, unless that is kin, or the policy names host and paths for the router's service |
 * |---|---|
 * | in the rule, and it has TLS | always |
 * | in the rule, and states no TLS, which its entry point may bring | where a router that has TLS asks for the host at an entry point of its own |
 * | in `tls.domains` | unless that party asks the same resolver for its certificate |
 *
 * | a router asks for a host that a router of the operator has with TLS options | it |
 * |---|---|
 * | with the same options, or at another entry point | stays |
 * | with others | is left out, unless the policy names host and paths for its service |
 *
 * Who asks for a host comes first, whenever that is, since to name a host is no right to it. Routers of absent owners have
 * no right to it either.
 */
export function findWithoutConsent(contest: TlsContest): WithoutConsent {
  const found = new Map<Claimant, Refusal>(otherOptionsThanOperators(contest));
  const left = found.size === 0 ? contest : { ...contest, refused: new Map([...contest.refused, ...found]) };
  for (const claimant of left.index.naming.values()) {
    if (claimant.kind !== "service" || left.refused.has(claimant)) continue;
    const refusal = refusalOf(claimant, left);
    if (refusal !== undefined) found.set(claimant, refusal);
  }
  const gone = new Map<ResourceKey, ResourceKey>();
  for (const { claimant, isPublished } of left.absentOwners) {
    if (!isPublished || left.replaced.has(claimant.key)) continue;
    const refusal = refusalOf(claimant, left) ?? optionsRefusalOf(claimant, left);
    if (refusal !== undefined) gone.set(claimant.key, refusal.winner.key);
  }
  return { refused: found, replaced: gone };
}

/** The routers that ask for hosts of the operator's with other TLS options. */
function* otherOptionsThanOperators(contest: TlsContest): Generator<readonly [Claimant, Refusal]> {
  const { index, refused } = contest;
  for (const operators of index.withTlsOptions.values()) {
    if (operators.kind !== "operator") continue;
    for (const host of operators.hosts) {
      for (const one of index.byHost.get(host) ?? []) {
        if (refused.has(one) || !hasOtherOptions(one, operators, host, contest)) continue;
        yield [one, { winner: operators, why: { kind: "other-tls-options", host } }];
      }
    }
  }
}

function refusalOf(claimant: Claimant, contest: TlsContest): Refusal | undefined {
  const { namedOnly, domainsOnly } = claimant;
  for (const host of namedOnly) {
    const owner = ownersOf(host, claimant, contest).find((one) => mayBeConcerned(claimant, one));
    if (owner !== undefined) return { winner: owner, why: { kind: "names-host", host, where: "rule" } };
  }
  for (const host of domainsOnly) {
    const owner = ownersOf(host, claimant, contest).find((one) => !haveOneResolver(claimant, one));
    if (owner !== undefined) return { winner: owner, why: { kind: "names-host", host, where: "tls.domains" } };
  }
  return undefined;
}

/** The routers of other parties that ask for a host, and whose consent the claimant has not got. */
function ownersOf(host: string, claimant: Claimant, contest: TlsContest): readonly Claimant[] {
  const { index, absentOwners, refused, replaced, sharing } = contest;
  const kept = absentOwners
    .filter(({ isKept, claimant: { key, hosts } }) => isKept && !replaced.has(key) && hosts.includes(host))
    .map((absent) => absent.claimant);
  return [...(index.byHost.get(host) ?? []), ...kept].filter(
    (one) =>
      one.service !== claimant.service &&
      !refused.has(one) &&
      (one.kind === "operator" || !sharing.areInOneGroup(claimant, one)) &&
      !sharing.isGranted(host, claimant, one),
  );
}

function mayBeConcerned(claimant: Claimant, owner: Claimant): boolean {
  if (claimant.tls !== undefined) return true;
  return claimant.protocol === "http" && owner.tls !== undefined && shareEntryPoint(claimant, owner);
}

function haveOneResolver({ tls: one }: Claimant, { tls: other }: Claimant): boolean {
  return one?.certResolver !== undefined && one.certResolver === other?.certResolver;
}

/** As `otherOptionsThanOperators`, for the router of an absent owner. */
function optionsRefusalOf(claimant: Claimant, contest: TlsContest): Refusal | undefined {
  for (const host of claimant.hosts) {
    const winner = (contest.index.byHost.get(host) ?? []).find(
      (one) => one.kind === "operator" && hasOtherOptions(claimant, one, host, contest),
    );
    if (winner !== undefined) return { winner, why: { kind: "other-tls-options", host } };
  }
  return undefined;
}

/** Has a router, which asks for a host of the operator's, other TLS options than the operator's router there? */
function hasOtherOptions(one: Claimant, operators: Claimant, host: string, { sharing }: TlsContest): boolean {
  if (one.kind === "operator" || one.protocol !== "http" || operators.protocol !== "http") return false;
  const wanted = operators.tls?.options ?? "default";
  if (wanted === "default" || one.tls?.options === wanted) return false;
  return shareEntryPoint(one, operators) && !sharing.isGranted(host, one, operators);
}
