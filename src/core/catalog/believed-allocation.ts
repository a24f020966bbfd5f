import { allocationOf } from "./allocation.ts";
import type { ServiceInstance } from "./snapshot.ts";

/**
 * The short id of the allocation that an instance says it is of, as far as that counts. Any client of Consul may write one: it
 * counts for nothing where a Nomad says that the allocation is elsewhere, nor while a Nomad is to say and has not.
 */
export function believedAllocation({ id, allocation }: Pick<ServiceInstance, "id" | "allocation">): string | undefined {
  return allocation === undefined || allocation.kind === "of-job" ? allocationOf(id) : undefined;
}
