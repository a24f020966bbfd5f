import { believedAllocation } from "../catalog/believed-allocation.ts";
import { DEFAULT_NAMESPACE, namespaceIn, ofCatalog, type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import { memoize } from "../incremental/memoize.ts";

/**
 * The keys of the sharing group of a service with these instances. Services that have a key in common are one group and may
 * share a host: the service itself, its namespace unless that is the default one, the Nomad job where the catalog names it or
 * a Nomad says it of the allocation, and the allocations that its instances run in.
 *
 * Consul tells the allocation by the service id only, which any client may write. An allocation runs on one node, so that
 * its id counts only together with the node and the address: an id copied on another machine is no key in common. Where a
 * Nomad says that the allocation is elsewhere, or is asked and has said nothing yet, the id counts for nothing.
 */
export const sharingGroupOf = memoize((instances: readonly ServiceInstance[]): ReadonlySet<string> => {
  const keys = new Set<string>();
  for (const instance of instances) {
    const { namespace, job, node, address, nodeAddress, allocation } = instance;
    const named = believedAllocation(instance);
    keys.add(words("service", serviceKey(instance)));
    if (isGroupName(namespace)) keys.add(words("namespace", namespace));
    if (job !== undefined) keys.add(words("job", ofCatalog(instance, `${namespace}/${job}`)));
    if (allocation?.kind === "of-job") {
      keys.add(words("job", `${allocation.namespace}/${allocation.job}`, "of", allocation.nomad));
    }
    if (named !== undefined) keys.add(words("allocation", named, "on", node, "at", address || nodeAddress));
  }
  return keys;
});

/**
 * The keys of the group that follow from the key of a service alone: for an owner that left while portolan was not running,
 * whose job is not known any more.
 */
export function sharingGroupOfKey(service: string): ReadonlySet<string> {
  const namespace = namespaceIn(service);
  return new Set([`service ${service}`, ...(isGroupName(namespace) ? [`namespace ${namespace}`] : [])]);
}

/** As one text: a template would keep its parts beside each other in memory, for each of thousands of instances. */
function words(...parts: readonly string[]): string {
  return parts.join(" ");
}

function isGroupName(namespace: string): boolean {
  return namespace !== "" && namespace !== DEFAULT_NAMESPACE;
}

/** Whether the keys of two services have one in common. */
export function isSameSharingGroup(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const [few, many] = one.size <= other.size ? [one, other] : [other, one];
  for (const key of few) if (many.has(key)) return true;
  return false;
}
