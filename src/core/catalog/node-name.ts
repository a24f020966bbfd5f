import type { ServiceInstance } from "./snapshot.ts";

/**
 * The node of an instance as people call it. Nomad's own registrations name it by its id: its name is that of the client that
 * the allocation runs on, where Nomad tells its allocations (`read-job` in the namespace); else it stays the id.
 */
export function nodeNameOf({ node, allocation }: Pick<ServiceInstance, "node" | "allocation">): string {
  return allocation?.kind === "of-job" ? (allocation.node ?? node) : node;
}
