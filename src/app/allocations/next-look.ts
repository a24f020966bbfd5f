import type { Allocation } from "../../core/catalog/allocation.ts";
import { hasEnded } from "../../core/catalog/allocation-health.ts";

/** So soon a promotion is noticed; it costs a small answer for each canary, only while there is one. */
const CANARY_MS = 2_000;

/**
 * In how many milliseconds an allocation is looked at again, since it will soon be another; never where it has come to rest.
 * What has been as it is for long is looked at less often: news is late by a tenth of the time that it took to come.
 *
 * @param ageMs for how long it has been as it is
 */
export function nextLookMs(allocation: Allocation, ageMs: number): number {
  const { isStopped, clientStatus, deployment, isCanary } = allocation;
  if (isStopped || hasEnded(allocation)) return Number.POSITIVE_INFINITY;
  if (clientStatus === "pending") return within(150, ageMs / 10, 2_000);
  if (deployment === "undecided") return within(1_000, ageMs / 10, 10_000);
  return isCanary ? CANARY_MS : Number.POSITIVE_INFINITY;
}

function within(least: number, value: number, most: number): number {
  return Math.min(Math.max(least, value), most);
}
