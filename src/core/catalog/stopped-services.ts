import { type CatalogSnapshot, ofCatalog, serviceKey } from "./snapshot.ts";

/**
 * The services, by their keys, that were ended as wholes: each of their jobs was stopped, Nomad says so, and no instance is
 * left. They wait for nothing: what was theirs is free. A service that is updated, moved or scaled to zero is none of them.
 */
export function stoppedServices(
  snapshots: readonly Pick<CatalogSnapshot, "catalogName" | "departed" | "instances">[],
): ReadonlySet<string> {
  const stopped = new Set<string>();
  for (const { catalogName, departed = [], instances } of snapshots) {
    const catalog = catalogName === undefined ? {} : { catalogName };
    const ended = new Map<string, boolean>();
    for (const { service, isStopped, isJobStopped = false } of departed) {
      const key = ofCatalog(catalog, service);
      ended.set(key, isStopped && isJobStopped && ended.get(key) !== false);
    }
    if (![...ended.values()].includes(true)) continue;
    for (const instance of instances) ended.delete(serviceKey(instance));
    for (const [key, isEnded] of ended) if (isEnded) stopped.add(key);
  }
  return stopped;
}
