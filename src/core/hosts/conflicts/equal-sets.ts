import type { Claimant } from "../claimant.ts";
import { comesBefore, shareEntryPoint } from "../claimant-overlap.ts";
import type { HostIndex } from "../host-index.ts";
import { byPrecedence, type Past, wasPublished } from "../published-before.ts";
import type { Sharing } from "../sharing.ts";
import type { Refusal, Refusals } from "./refusal.ts";

/**
 * Of the routers that ask for one and the same set of many hosts (or the same UDP entry point), the operator's keeps it, then
 * one that the policy grants it, then the first by precedence; one that comes after it in Traefik's order, or was published
 * beside it, stays as well. Any other is refused.
 *
 * @param keptRouters routers of absent owners that are kept
 * @param refused what is refused already
 */
export function resolveEqualSets(
  index: HostIndex,
  keptRouters: readonly Claimant[],
  past: Past,
  refused: Refusals,
  sharing: Sharing,
): Refusals {
  const refusals = new Map<Claimant, Refusal>();
  for (const set of [...new Set([...index.contestedSets.keys(), ...keptRouters.flatMap(({ sets }) => sets)])].sort()) {
    const present = (index.bySet.get(set) ?? []).filter((one) => !refused.has(one) && !refusals.has(one));
    const claimants = [...present, ...keptRouters.filter(({ sets }) => sets.includes(set))];
    const staying: Claimant[] = [];
    for (const claimant of claimants.sort(byRight(past, sharing))) {
      const winner =
        claimant.kind === "service" ? staying.find((first) => keepsSetFrom(claimant, first, past, sharing)) : undefined;
      if (winner === undefined) staying.push(claimant);
      else refusals.set(claimant, { winner, why: { kind: "equal-set" } });
    }
  }
  return refusals;
}

/** The operator's routers, those that the policy grants their rule, the rest; in each of these by precedence. */
function byRight(past: Past, sharing: Sharing): (one: Claimant, other: Claimant) => number {
  const rank = (claimant: Claimant) => (claimant.kind === "operator" ? 0 : sharing.isWideGranted(claimant) ? 1 : 2);
  const compare = byPrecedence(past);
  return (one, other) => rank(one) - rank(other) || compare(one, other);
}

/**
 * A later router does not take requests from its own service, at another entry point, or from an absent owner of its group.
 * Nor does it from a router that it was published beside, as it is now: the order of the two is settled, and an older
 * registration with a lower priority must not put out in the next pass what was there when it came.
 */
function keepsSetFrom(claimant: Claimant, first: Claimant, past: Past, sharing: Sharing): boolean {
  if (first.service === claimant.service || !shareEntryPoint(claimant, first)) return false;
  const isSettled = first.kind === "service" && wasPublished(claimant, past) && wasPublished(first, past);
  if (isSettled && sharing.isWideGranted(first) === sharing.isWideGranted(claimant)) return false;
  if (first.kind === "absent" && sharing.areInOneGroup(first, claimant)) return false;
  return comesBefore(claimant, first);
}
