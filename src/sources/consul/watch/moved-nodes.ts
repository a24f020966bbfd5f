import type { SliceStore } from "../../slice-store.ts";

/**
 * Services with an instance on a node that has another address now. Such a move touches no registration, so that only
 * the list of nodes (name → address) shows it; an instance without an address of its own moves along.
 */
export function servicesOnMovedNodes(store: SliceStore, nodes: ReadonlyMap<string, string>): Set<string> {
  const services = new Set<string>();
  for (const service of store.services) {
    for (const { node, nodeAddress } of store.instancesOf(service)) {
      if ((nodes.get(node) ?? nodeAddress) !== nodeAddress) services.add(service);
    }
  }
  return services;
}
