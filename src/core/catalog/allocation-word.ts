import type { Allocation, AllocationHealth, AllocationWord } from "./allocation.ts";
import { hasEnded } from "./allocation-health.ts";
import type { ServiceInstance } from "./snapshot.ts";

/**
 * Compares what an instance says with what a Nomad knows of the allocation in its id, which any client of Consul may write:
 *
 * | the catalog says | the allocation |
 * |---|---|
 * | it is Nomad's own registration | is of its namespace and job |
 * | another node, by its name and its address | is elsewhere |
 * | the same node, the client's address, one of its ports | is there |
 * | the same node, the client's address, another port | is elsewhere |
 * | the same node, another address, such as that of a bridge | cannot be compared: no word |
 *
 * @param health of the instance, where it is Nomad's own registration
 */
export function allocationWord(
  instance: ServiceInstance,
  allocation: Allocation,
  nomad: string,
  health?: AllocationHealth,
): AllocationWord | undefined {
  const { namespace, job, group, isCanary, node, ports, isStopped, isLeaving } = allocation;
  const ofJob = {
    ...({ kind: "of-job", nomad, namespace, job, isCanary } as const),
    ...(group === undefined ? {} : { group }),
    ...(instance.catalog === "nomad" ? { node } : {}),
    ...(isStopped ? { isStopped } : {}),
    ...(isStopped && hasEnded(allocation) ? ({ hasEnded: true } as const) : {}),
    ...(isLeaving ? { isLeaving } : {}),
    ...(health === undefined || instance.catalog !== "nomad" ? {} : { health }),
  };
  if (instance.catalog === "nomad") {
    return instance.namespace === namespace && instance.job === job ? ofJob : { kind: "elsewhere", nomad };
  }
  const { nodeAddress, address, port } = instance;
  const isClients = (one: string) => one !== "" && ports.some((given) => given.address === one);
  const isSameNode = instance.node.toLowerCase() === node.toLowerCase() || isClients(nodeAddress);
  if (!isSameNode) return { kind: "elsewhere", nomad };
  const reached = address || nodeAddress;
  if (reached !== nodeAddress && !isClients(reached)) return undefined;
  return ports.some((given) => given.port === port) ? ofJob : { kind: "elsewhere", nomad };
}
