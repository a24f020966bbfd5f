import { allocationOf } from "./allocation.ts";
import type { ServiceInstance } from "./snapshot.ts";

/**
 * Do two instances run in one allocation? Any client may write an allocation into a service id, so that it counts only on the
 * same node and at the same address, and for nothing where a Nomad says that the allocation is elsewhere.
 */
export function isSameAllocation(one: ServiceInstance, other: ServiceInstance): boolean {
  const allocation = allocationOf(one.id);
  if (allocation === undefined || allocation !== allocationOf(other.id) || one.node !== other.node) return false;
  if ([one, other].some((instance) => instance.allocation?.kind === "elsewhere")) return false;
  return (one.address || one.nodeAddress) === (other.address || other.nodeAddress);
}
