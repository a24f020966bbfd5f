import { type CatalogSnapshot, instanceKey, ofCatalog, type ServiceInstance } from "../catalog/snapshot.ts";
import type { Translated, TranslatedServices } from "../instances/instance-state.ts";

/** Service → the keys of the instances that served it when it was last served, of services that are served no more. */
export type ServedBy = ReadonlyMap<string, readonly string[]>;

/**
 * Finds the services that Nomad has stopped: that were served by instances of which Nomad says, of each, that it wants the
 * allocation stopped. That is no bad minute of a catalog, whatever else it shows. One instance that has gone without that
 * word, or is merely unhealthy, and the service is not one of them.
 *
 * @param owners services whose routers lose, or have lost, their last server
 */
export function findStopped(
  owners: ReadonlySet<string>,
  {
    snapshots,
    services,
    before,
    servedBy,
  }: {
    readonly snapshots: readonly Pick<CatalogSnapshot, "catalogName" | "departed">[];
    readonly services: TranslatedServices;
    /** All services as the last pass saw them. */
    readonly before: TranslatedServices;
    readonly servedBy: ServedBy;
  },
): { readonly stopped: ReadonlySet<string>; readonly servedBy: ServedBy } {
  const departed = snapshots.flatMap(({ catalogName, departed: own = [] }) =>
    own.map(({ instance, service, isStopped }) => {
      const catalog = catalogName === undefined ? {} : { catalogName };
      return { instance: ofCatalog(catalog, instance), service: ofCatalog(catalog, service), isStopped };
    }),
  );
  const stoppedInstances = new Set([
    ...departed.filter(({ isStopped }) => isStopped).map(({ instance }) => instance),
    ...[...owners]
      .flatMap((owner) => services.get(owner) ?? [])
      .map(({ instance }) => instance)
      .filter(isStoppedByNomad)
      .map(instanceKey),
  ]);
  const stopped = new Set<string>();
  const after = new Map<string, readonly string[]>();
  for (const owner of owners) {
    const served = (before.get(owner) ?? []).filter(isServing).map(({ instance }) => instanceKey(instance));
    // After a start without a last pass: all that is known to have left.
    const left = departed.filter(({ service }) => service === owner).map(({ instance }) => instance);
    const keys = served.length > 0 ? served : (servedBy.get(owner) ?? left);
    if (keys.length === 0) continue;
    after.set(owner, keys);
    if (keys.every((key) => stoppedInstances.has(key))) stopped.add(owner);
  }
  return { stopped, servedBy: after };
}

function isServing({ state }: Translated): boolean {
  return state.kind === "routed";
}

function isStoppedByNomad({ allocation }: ServiceInstance): boolean {
  return allocation?.kind === "of-job" && allocation.isStopped === true;
}
