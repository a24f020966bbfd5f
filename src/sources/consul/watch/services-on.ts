import type { SnapshotStore } from "../../catalog/snapshot-store.ts";

/**
 * The watched services with an instance on one of the nodes.
 *
 * @param underWay services that are being read, which may come to have one
 */
export function servicesOn(
  nodes: ReadonlySet<string>,
  store: SnapshotStore,
  underWay: ReadonlySet<string>,
): ReadonlySet<string> {
  if (nodes.size === 0) return new Set();
  const services = new Set(underWay);
  for (const service of store.services()) {
    if (store.instancesOf(service).some(({ node }) => nodes.has(node))) services.add(service);
  }
  return services;
}
