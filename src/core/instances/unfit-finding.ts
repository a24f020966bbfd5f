import { allocationOf } from "../catalog/allocation.ts";
import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Finding } from "../diagnostics/finding.ts";

/**
 * Why a service of Nomad's own has no traffic that has not worked yet; undefined where nothing is to be said. Of one that has
 * worked the log tells what became of it.
 */
export function unfitFinding({ id, allocation }: ServiceInstance): Finding | undefined {
  if (allocation?.kind !== "of-job" || allocation.isStopped || allocation.health === undefined) return undefined;
  const { status, check, by, wasHealthy } = allocation.health;
  const remedy = `see what Nomad says of it: nomad alloc status ${allocationOf(id)}`;
  const ofCheck = check === undefined ? "" : `check ${JSON.stringify(check)}`;
  const what = allocation.isCanary ? "the canary" : "the instance";
  if (status === "pending") {
    const cause =
      ofCheck === ""
        ? by === "tasks"
          ? "its tasks do not run yet"
          : "its deployment has not found it healthy yet"
        : `${ofCheck} has not succeeded yet`;
    return { code: "INSTANCE_PENDING", message: `${what} gets no traffic yet: ${cause}`, remedy };
  }
  if (status === "critical" && wasHealthy !== true) {
    return { code: "INSTANCE_UNFIT", message: `${what} gets no traffic: ${ofCheck} fails`, remedy };
  }
  if (status !== "failed") return undefined;
  const cause =
    by === "tasks"
      ? "its tasks have ended"
      : `its deployment has found it unhealthy${ofCheck === "" ? "" : `, and ${ofCheck} does not succeed`}`;
  return { code: "INSTANCE_UNFIT", message: `${what} gets no traffic: ${cause}`, remedy };
}
