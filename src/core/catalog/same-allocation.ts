import { believedAllocation } from "./believed-allocation.ts";
import type { ServiceInstance } from "./snapshot.ts";

/**
 * Do two instances run in one allocation? Any client may write an allocation into a service id, so that it counts only on the
 * same node and at the same address, and only where it is believed at all.
 */
export function isSameAllocation(one: ServiceInstance, other: ServiceInstance): boolean {
  const allocation = believedAllocation(one);
  if (allocation === undefined || allocation !== believedAllocation(other) || one.node !== other.node) return false;
  return (one.address || one.nodeAddress) === (other.address || other.nodeAddress);
}
