import type { Policy } from "../../settings.ts";
import type { Claimant } from "../claimant.ts";
import { comesBefore, takesAllAt } from "../claimant-overlap.ts";
import type { HostIndex } from "../host-index.ts";
import { hasRight, type RankedClaimant, rankClaimants } from "../host-rank.ts";
import { byPrecedence, type Past, wasPublished } from "../published-before.ts";
import type { Sharing } from "../sharing.ts";
import type { Refusal, Refusals } from "./refusal.ts";

export interface ResolvedHosts {
  readonly refused: Refusals;
  /** Host that several services ask for, or that is kept for an absent owner → the service that owns it. */
  readonly owners: ReadonlyMap<string, string>;
}

/**
 * Decides who owns each contested host, and refuses the routers that may not share it:
 *
 * | a router of another service names an owned host | it |
 * |---|---|
 * | in the owner's sharing group, or the policy names the host and its paths | stays |
 * | any other | is refused: `host-taken` |
 * | it may share, but takes all requests of a router there, comes before it and has an entry point in common with it | is refused: `takes-over-host`, unless it was published before and the other is not the operator's |
 *
 * A router stays with all of its hosts or with none. The claimants choose one after the other, by precedence, so that a
 * router that is refused for one host leaves its other hosts to the next.
 *
 * @param kept routers and hosts that are kept for absent owners
 */
export function resolveContestedHosts(
  index: HostIndex,
  kept: readonly Claimant[],
  past: Past,
  policy: Policy | undefined,
  sharing: Sharing,
): ResolvedHosts {
  const rankings = rankContestedHosts(index, kept, past, policy);
  const accepted = new Set<Claimant>();
  const refused = new Map<Claimant, Refusal>();
  for (const claimant of servicesIn(rankings).sort(byPrecedence(past))) {
    const refusal = firstRefusal(claimant, { rankings, accepted, past, sharing });
    if (refusal === undefined) accepted.add(claimant);
    else refused.set(claimant, refusal);
  }
  return { refused, owners: ownersOf(rankings, accepted, kept) };
}

/** Host → its claimants, the best one first. */
type Rankings = ReadonlyMap<string, readonly RankedClaimant[]>;

interface Contest {
  readonly rankings: Rankings;
  /** Routers that have all of their hosts. */
  readonly accepted: ReadonlySet<Claimant>;
  readonly past: Past;
  readonly sharing: Sharing;
}

/** The claimants of each host that several services name, or that one names while it is kept for an absent owner. */
export function rankContestedHosts(
  index: HostIndex,
  kept: readonly Claimant[],
  past: Past,
  policy: Policy | undefined,
): Rankings {
  const keptAt = new Map<string, Claimant[]>();
  for (const claimant of kept) {
    for (const host of claimant.hosts) keptAt.set(host, [...(keptAt.get(host) ?? []), claimant]);
  }
  const rankings = new Map<string, readonly RankedClaimant[]>();
  for (const host of new Set([...index.contestedHosts.keys(), ...keptAt.keys()])) {
    const present = index.byHost.get(host);
    if (present === undefined) continue;
    rankings.set(host, rankClaimants(host, [...present, ...(keptAt.get(host) ?? [])], past, policy));
  }
  return rankings;
}

function servicesIn(rankings: Rankings): Claimant[] {
  const all = new Set([...rankings.values()].flatMap((ranked) => ranked.map(({ claimant }) => claimant)));
  return [...all].filter(({ kind }) => kind === "service");
}

function firstRefusal(claimant: Claimant, contest: Contest): Refusal | undefined {
  for (const host of claimant.hosts) {
    const refusal = refusalAt(host, claimant, contest);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function refusalAt(host: string, claimant: Claimant, contest: Contest): Refusal | undefined {
  const ranked = contest.rankings.get(host) ?? [];
  const owner = ownerFor(host, claimant, ranked, contest);
  if (owner !== undefined && owner.service !== claimant.service && !contest.sharing.mayShare(host, claimant, owner)) {
    return { winner: owner, why: { kind: "host-taken", host } };
  }
  const other = ranked.find((one) => takesOver(host, claimant, one.claimant, contest))?.claimant;
  return other && { winner: other, why: { kind: "takes-over-host", host } };
}

/** The best claimant that competes with this one and has the host: the claimant itself where none comes before it. */
function ownerFor(
  host: string,
  claimant: Claimant,
  ranked: readonly RankedClaimant[],
  { accepted, sharing }: Contest,
): Claimant | undefined {
  return ranked.find(
    (one) => one.claimant === claimant || (isOwning(one, accepted) && sharing.compete(host, claimant, one.claimant)),
  )?.claimant;
}

/** The operator shares a host with every service, and does not count as its owner. */
function isOwning(ranked: RankedClaimant, accepted: ReadonlySet<Claimant>): boolean {
  return ranked.claimant.kind !== "operator" && (accepted.has(ranked.claimant) || hasRight(ranked));
}

/** A router that was published before has been beside the other; but none of them goes before the operator's. */
function takesOver(host: string, claimant: Claimant, other: Claimant, { accepted, past, sharing }: Contest): boolean {
  if (other.service === claimant.service || other.kind === "absent") return false;
  if (!sharing.compete(host, claimant, other)) return false;
  if (other.kind === "service" && (!accepted.has(other) || wasPublished(claimant, past))) return false;
  return comesBefore(claimant, other) && takesAllAt(host, claimant, other);
}

function ownersOf(
  rankings: Rankings,
  accepted: ReadonlySet<Claimant>,
  kept: readonly Claimant[],
): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { hosts, service } of kept) for (const host of hosts) owners.set(host, service);
  for (const [host, ranked] of rankings) {
    const owner = ranked.find((one) => isOwning(one, accepted))?.claimant;
    if (owner !== undefined) owners.set(host, owner.service);
  }
  return owners;
}
