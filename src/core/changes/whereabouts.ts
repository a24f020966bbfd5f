import {
  type CatalogSnapshot,
  instanceKey,
  isBelieved,
  type ServiceInstance,
  serviceKey,
} from "../catalog/snapshot.ts";
import { memoize } from "../incremental/memoize.ts";
import { type InstanceState, translatedAt } from "../instances/instance-state.ts";
import type { Explanation } from "./explanation.ts";

/** What a pass knew of an instance. */
export type Whereabouts =
  /** It counted, and this became of it. */
  | { readonly kind: "translated"; readonly instance: ServiceInstance; readonly state: InstanceState }
  /** The catalog showed it, and it did not count. */
  | { readonly kind: "uncounted"; readonly instance: ServiceInstance }
  /** The catalog, which showed all that it knew, did not have it. */
  | { readonly kind: "absent" }
  /** The catalog did not show it, and there was a reason to think that it did not show everything, or nothing was known of it. */
  | { readonly kind: "unseen" }
  /** Its catalog was not charted, or was read from somewhere else. */
  | { readonly kind: "uncharted" };

/**
 * Where an instance was in a pass.
 *
 * @param other the catalogs as the other pass saw them that this one is compared with
 */
export function whereabouts(
  { services, snapshots, uncounted }: Pick<Explanation, "services" | "snapshots" | "uncounted">,
  instance: ServiceInstance,
  other: readonly CatalogSnapshot[],
): Whereabouts {
  const found = translatedAt(services, instance);
  if (found !== undefined) return { kind: "translated", instance: found.instance, state: found.state };
  const reported = uncounted.length === 0 ? undefined : byKey(uncounted).get(instanceKey(instance));
  if (reported !== undefined) return { kind: "uncounted", instance: reported };
  return absenceIn(snapshots, { catalogName: instance.catalogName, service: serviceKey(instance) }, other);
}

/** Why nothing of a service is there, by its catalog alone; without the service's key where it is not known. */
export function absenceIn(
  snapshots: readonly CatalogSnapshot[],
  { catalogName, service }: { readonly catalogName: string | undefined; readonly service: string | undefined },
  other: readonly CatalogSnapshot[],
): Exclude<Whereabouts, { readonly instance: unknown }> {
  const named = (list: readonly CatalogSnapshot[]) => list.find((one) => one.catalogName === catalogName);
  const snapshot = named(snapshots);
  if (snapshot === undefined) return { kind: snapshots.length === 0 ? "unseen" : "uncharted" };
  const otherwise = named(other);
  if (otherwise !== undefined && otherwise.source !== snapshot.source) return { kind: "uncharted" };
  return { kind: isWhole(snapshot, service) ? "absent" : "unseen" };
}

/** What stands in for a catalog was all that it had when it was stored. */
function isWhole(snapshot: CatalogSnapshot, service: string | undefined): boolean {
  return snapshot.freshness === "stored" || isBelieved(snapshot, service);
}

const byKey = memoize(
  (instances: readonly ServiceInstance[]): ReadonlyMap<string, ServiceInstance> =>
    new Map(instances.map((instance) => [instanceKey(instance), instance])),
);
