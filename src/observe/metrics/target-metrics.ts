import { Gauge, type Registry } from "prom-client";
import type { ScrapeTarget } from "../../core/targets/target.ts";
import { family } from "./family.ts";

/** The metrics about what Prometheus is told to scrape. */
export type TargetFamilies = ReturnType<typeof targetFamilies>;

export function targetFamilies(registers: readonly Registry[]) {
  return {
    targets: new Gauge(family("portolan_scrape_targets", ["source"], registers)),
    isWhole: new Gauge(family("portolan_scrape_targets_whole", [], registers)),
  };
}

/**
 * Shows how many targets there are by whose word; while the list is not told, as many as it had last.
 *
 * @param sources of each target; undefined while there is no list
 */
export function showTargets(
  { targets, isWhole }: TargetFamilies,
  sources: readonly ScrapeTarget["source"][] | undefined,
): void {
  isWhole.set(sources === undefined ? 0 : 1);
  if (sources === undefined) return;
  for (const source of ["catalog", "ledger"] as const) {
    targets.set({ source }, sources.filter((one) => one === source).length);
  }
}
