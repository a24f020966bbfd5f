import type { ChangedServices } from "../../watch/changed-services.ts";
import type { WatchContext } from "../../watch/watch.ts";
import type { CatalogNode } from "../decode.ts";
import { servicesOn } from "./services-on.ts";

/** Follows the nodes' addresses. A node that moves touches no registration, so that only the list of nodes shows it. */
export interface MovedNodes {
  /** Takes the list of nodes; returns the services with an instance on one that has other addresses now. */
  take(nodes: ReadonlyMap<string, CatalogNode>): ReadonlySet<string>;
}

/** Instances without an address of their own move along with their node, and so do their tagged addresses. */
export function createMovedNodes({ store }: WatchContext, { underWay }: Pick<ChangedServices, "underWay">): MovedNodes {
  let known: ReadonlyMap<string, CatalogNode> = new Map();
  return {
    take(nodes) {
      const before = known;
      known = nodes;
      const moved = new Set(
        [...nodes].filter(([name, node]) => hasMoved(before.get(name), node)).map(([name]) => name),
      );
      for (const service of store.services()) {
        for (const { node, nodeAddress } of store.instancesOf(service)) {
          if ((nodes.get(node)?.address ?? nodeAddress) !== nodeAddress) moved.add(node);
        }
      }
      return servicesOn(moved, store, underWay);
    },
  };
}

function hasMoved(before: CatalogNode | undefined, now: CatalogNode): boolean {
  return before !== undefined && before.addresses !== now.addresses;
}
