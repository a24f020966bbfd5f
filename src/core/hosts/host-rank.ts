import { grantOf } from "../policy/policy.ts";
import type { Policy } from "../settings.ts";
import { areOfOneNamespace, bySeniority, type Claimant } from "./claimant.ts";
import { type Past, wasPublishedAt } from "./published-before.ts";

/**
 * Rank of a claimant at a host; lower wins: the operator's own, granted by policy, recorded owner, published before, absent
 * owner, none of these. An absent owner comes after those that are there: all of them had the host together.
 */
export const HOST_RANK = {
  operator: 0,
  grantedByPolicy: 1,
  recordedOwner: 2,
  publishedBefore: 3,
  absentOwner: 4,
  noneOfThese: 5,
} as const;
export type HostRank = (typeof HOST_RANK)[keyof typeof HOST_RANK];

/** A claimant at a host, with its rank there. */
export interface RankedClaimant {
  readonly claimant: Claimant;
  readonly rank: HostRank;
  /** Its rank apart from any policy: it decides between claimants that are granted the host. */
  readonly rankByPast: HostRank;
}

/** The claimants of a host, the best one first; of equal ranks the oldest registration first. */
export function rankClaimants(
  host: string,
  claimants: readonly Claimant[],
  past: Past,
  policy: Policy | undefined,
): readonly RankedClaimant[] {
  return claimants
    .map((claimant) => rankAt(host, claimant, claimants, past, policy))
    .sort((a, b) => a.rank - b.rank || a.rankByPast - b.rankByPast || bySeniority(a.claimant, b.claimant));
}

/** Whether a claimant has a right to the host from before: by the operator, by the policy or by the past. */
export function hasRight({ rank }: RankedClaimant): boolean {
  return rank !== HOST_RANK.noneOfThese;
}

function rankAt(
  host: string,
  claimant: Claimant,
  all: readonly Claimant[],
  past: Past,
  policy: Policy | undefined,
): RankedClaimant {
  const rankByPast = rankByPastAt(host, claimant, past);
  const isGranted = claimant.kind !== "operator" && isNamedFor(claimant, host, all, policy);
  return { claimant, rank: isGranted ? HOST_RANK.grantedByPolicy : rankByPast, rankByPast };
}

/** Whether the policy names the host for the claimant, so that it counts against all who ask for it. */
function isNamedFor(claimant: Claimant, host: string, all: readonly Claimant[], policy: Policy | undefined): boolean {
  const { isHostNamed, isAcrossNamespaces } = grantOf(policy, claimant.instances, host);
  return isHostNamed && (isAcrossNamespaces || all.every((other) => areOfOneNamespace(claimant, other)));
}

function rankByPastAt(host: string, claimant: Claimant, past: Past): HostRank {
  if (claimant.kind === "operator") return HOST_RANK.operator;
  if (claimant.kind === "absent") return HOST_RANK.absentOwner;
  if (past.hostOwners.get(host) === claimant.service) return HOST_RANK.recordedOwner;
  return wasPublishedAt(host, claimant, past) ? HOST_RANK.publishedBefore : HOST_RANK.noneOfThese;
}
