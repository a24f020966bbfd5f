import type { DaemonObserver } from "../../observer.ts";
import type { EventLog } from "../event-log.ts";

/** What the log says about rollbacks of the chart `output`. */
export function createRollbackLog(log: EventLog, output: string): Pick<DaemonObserver, "rolledBack" | "rollbackEnded"> {
  return {
    rolledBack({ number, sinceMs }) {
      const since = new Date(sinceMs).toISOString();
      log.emit(
        "chart.rolled-back",
        `${output} is version ${number} again since ${since}, by hand; the catalog's news is not published until portolan release`,
        { version: number, since },
      );
    },
    rollbackEnded(number) {
      log.emit("chart.released", `the rollback of ${output} to version ${number} was ended by hand`, {
        kind: "rollback",
        version: number,
        by: "hand",
      });
    },
  };
}
