import { memoize } from "../incremental/memoize.ts";
import { type CatalogSnapshot, localServiceKey, ofCatalog } from "./snapshot.ts";

type Snapshots = readonly Pick<CatalogSnapshot, "catalogName" | "departed" | "instances">[];

/**
 * The services, by their keys, that were ended as wholes: each of their jobs was stopped, Nomad says so, and no instance is
 * left. They wait for nothing: what was theirs is free. A service that is updated, moved or scaled to zero is none of them.
 * Remembered for the snapshots of a pass: names and hosts both ask.
 */
export const stoppedServices = memoize((snapshots: Snapshots): ReadonlySet<string> => {
  const stopped = new Set<string>();
  for (const { catalogName, departed = [], instances } of snapshots) {
    // By their keys in the catalog: its instances get its name only when a pass takes them.
    const ended = new Map<string, boolean>();
    for (const { service, isStopped, isJobStopped = false } of departed) {
      ended.set(service, isStopped && isJobStopped && ended.get(service) !== false);
    }
    if (![...ended.values()].includes(true)) continue;
    for (const instance of instances) ended.delete(localServiceKey(instance));
    const catalog = catalogName === undefined ? {} : { catalogName };
    for (const [service, isEnded] of ended) if (isEnded) stopped.add(ofCatalog(catalog, service));
  }
  return stopped;
});
