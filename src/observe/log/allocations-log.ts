import type { AllocationsObserver } from "../observer.ts";
import type { EventLog } from "./event-log.ts";

/** What the log says about the allocations that Nomad is asked for. */
export function createAllocationsLog(log: EventLog): AllocationsObserver {
  return {
    allocationsUntold(nomad, { code, message }) {
      const trouble = `Nomad at ${nomad} does not tell its allocations: ${message}`;
      const effect =
        "what it told before stays; of new ones neither the job is known, nor whether they are canaries, nor, of Nomad's own services, whether they are healthy: these are served as they are registered";
      log.emit("allocations.untold", `${trouble}; ${effect}, trying again`, { nomad, code });
    },
    allocationsTold(nomad) {
      log.emit("allocations.told", `Nomad at ${nomad} tells its allocations again`, { nomad });
    },
    checksUntold(nomad, namespace, { code, message }) {
      const trouble = `Nomad at ${nomad} does not tell the checks of an allocation in namespace ${namespace}: ${message}`;
      const effect =
        code === "E_CATALOG_DENIED"
          ? "until it does, instances there count by their deployment, as with nomad.health: deployment"
          : "what it told before stays";
      log.emit("checks.untold", `${trouble}; ${effect}, trying again`, { nomad, namespace, code });
    },
    checksTold(nomad) {
      log.emit("checks.told", `Nomad at ${nomad} tells the checks of its allocations again`, { nomad });
    },
    allocationUnknown(id, count) {
      const others = count === 1 ? "" : ` and ${count - 1} more`;
      const what = `no Nomad knows the allocation ${id}${others}, which services have in their ids`;
      const why = "it is of a namespace that the token may not read, of another cluster, or no allocation at all";
      log.emit("allocations.unknown", `${what}: ${why}; its job is not known`, { allocation: id, count });
    },
  };
}
