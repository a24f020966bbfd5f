import type { Allocation } from "../../src/core/catalog/allocation.ts";

/** An allocation that runs and was never deployed; what is left out is of the job `shop` on node-1, without ports. */
export function allocation(more: Partial<Allocation> & Pick<Allocation, "id">): Allocation {
  return {
    namespace: "default",
    job: "shop",
    jobVersion: 0,
    node: "node-1",
    isCanary: false,
    ports: [],
    clientStatus: "running",
    deployment: "none",
    isStopped: false,
    isLeaving: false,
    modifyIndex: 0,
    ...more,
  };
}
