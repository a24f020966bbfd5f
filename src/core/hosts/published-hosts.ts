import type { Owner } from "../merge/owner.ts";
import { type DynamicConfig, type ResourceKey, routersOf } from "../traefik/chart/dynamic-config.ts";
import { claimantOf } from "./claimant.ts";

/**
 * Host → the service that owns it, for every host that a router of the published chart names; the recorded owners count
 * before that.
 *
 * @param chart the published chart; undefined where there is none
 * @param nameOwners name in the chart → its owner
 * @param recorded host → the service that owns it, as far as several services ask for it
 */
export function publishedHosts(
  chart: DynamicConfig | undefined,
  nameOwners: ReadonlyMap<ResourceKey, Owner>,
  recorded: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { key, section, name, router: object } of chart === undefined ? [] : routersOf(chart)) {
    const service = nameOwners.get(key)?.service;
    if (service === undefined) continue;
    const claimant = claimantOf({
      key,
      section,
      name,
      object,
      service,
      kind: "service",
      instances: [],
      sharingGroup: new Set(),
      createIndex: 0,
    });
    for (const host of claimant.hosts) owners.set(host, service);
  }
  return new Map([...owners, ...recorded]);
}
