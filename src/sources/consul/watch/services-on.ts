import type { SnapshotStore } from "../../catalog/snapshot-store.ts";

/** The watched services with an instance on one of the nodes. */
export function servicesOn(nodes: ReadonlySet<string>, store: SnapshotStore): ReadonlySet<string> {
  const services = new Set<string>();
  if (nodes.size === 0) return services;
  for (const service of store.services()) {
    if (store.instancesOf(service).some(({ node }) => nodes.has(node))) services.add(service);
  }
  return services;
}
