import type { ServiceInstance } from "../../core/catalog/snapshot.ts";

/** By node, then id: an order of our own, so that equal contents compare equal whatever the catalog's order was. */
export function inInstanceOrder(instances: readonly ServiceInstance[]): readonly ServiceInstance[] {
  return instances.toSorted((a, b) => compareText(a.node, b.node) || compareText(a.id, b.id));
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
