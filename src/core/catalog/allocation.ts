import type { ServiceInstance } from "./snapshot.ts";

const NOMAD_TASK = /^_nomad-task-([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}-/;

/** The short id of the Nomad allocation behind a Consul service id, where Nomad registered it. */
export function allocationOf(serviceId: string): string | undefined {
  return NOMAD_TASK.exec(serviceId)?.[1];
}

/**
 * Do two instances run in one allocation? Any client may write an allocation into a service id, so that it counts only on the
 * same node and at the same address.
 */
export function isSameAllocation(one: ServiceInstance, other: ServiceInstance): boolean {
  const allocation = allocationOf(one.id);
  if (allocation === undefined || allocation !== allocationOf(other.id) || one.node !== other.node) return false;
  return (one.address || one.nodeAddress) === (other.address || other.nodeAddress);
}
