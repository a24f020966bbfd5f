import { allocationOf } from "../catalog/allocation.ts";
import { type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import { memoize } from "../incremental/memoize.ts";

/**
 * What makes services one family: the service itself, its namespace unless that is the default one, the Nomad job where
 * the catalog tells it, else the allocations that its instances run in.
 */
export const sharingGroupOf = memoize((instances: readonly ServiceInstance[]): ReadonlySet<string> => {
  const signs = new Set<string>();
  for (const instance of instances) {
    const { namespace, job, id } = instance;
    const allocation = allocationOf(id);
    signs.add(`service ${serviceKey(instance)}`);
    if (isGroupName(namespace)) signs.add(`namespace ${namespace}`);
    if (job !== undefined) signs.add(`job ${namespace}/${job}`);
    if (allocation !== undefined) signs.add(`allocation ${allocation}`);
  }
  return signs;
});

/** What a service's key alone tells: after a restart of ours nobody remembers the job of an owner that left meanwhile. */
export function sharingGroupOfKey(service: string): ReadonlySet<string> {
  const [namespace = ""] = service.includes("/") ? service.split("/") : [];
  return new Set([`service ${service}`, ...(isGroupName(namespace) ? [`namespace ${namespace}`] : [])]);
}

function isGroupName(namespace: string): boolean {
  return namespace !== "" && namespace !== "default";
}

/** Do they share a sign? */
export function areKin(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const [few, many] = one.size <= other.size ? [one, other] : [other, one];
  for (const sign of few) if (many.has(sign)) return true;
  return false;
}
