import { routerLabel } from "../../../core/traefik/chart/dynamic-config.ts";
import { catalogData } from "../../catalog-label.ts";
import type { DaemonObserver } from "../../observer.ts";
import { count } from "../count.ts";
import type { EventLog } from "../event-log.ts";
import { holdReason } from "../hold-reason.ts";

/** What the log says about holds: why each begins and how it ends. */
export function createHoldLog(log: EventLog): Pick<DaemonObserver, "held" | "released" | "confirmFailed"> {
  return {
    held(hold) {
      const { catalogName, kind, routers, endsAtMs } = hold;
      log.emit("chart.held", `${count(routers.length, "router")} held with the servers they had: ${holdReason(hold)}`, {
        ...catalogData(catalogName),
        kind,
        routers: routers.map(routerLabel),
        ...(endsAtMs === undefined ? {} : { ends: new Date(endsAtMs).toISOString() }),
      });
    },
    released({ catalogName, kind, routers }, isByHand) {
      const reason = catalogName === undefined ? kind : `${catalogName}: ${kind}`;
      const end = isByHand ? "was ended by hand" : "has ended";
      log.emit("chart.released", `the hold of ${count(routers.length, "router")} (${reason}) ${end}`, {
        ...catalogData(catalogName),
        kind,
        ...(isByHand ? { by: "hand" } : {}),
      });
    },
    confirmFailed(error, catalogName) {
      const where = catalogName === undefined ? "" : ` by ${catalogName}`;
      log.emit("source.unconfirmed", `a removal is not confirmed yet${where}: ${error.message}`, {
        ...catalogData(catalogName),
        code: error.code,
      });
    },
  };
}
