import type { WriterObserver } from "../../observer.ts";
import type { EventLog } from "../event-log.ts";

/** What the log says about the process that writes the chart `output`. */
export function createWriterLog(log: EventLog, output: string): WriterObserver {
  let isStandingBy = false;
  return {
    standingBy(owner) {
      isStandingBy = true;
      const instead = `${output} is kept up to date by another portolan, ${owner}; this one stands by`;
      log.emit("chart.standby", `${instead} and takes over when that one ends`, { owner });
    },
    /** Worth a line only after another process has written it. */
    writesAlone() {
      if (!isStandingBy) return;
      isStandingBy = false;
      log.emit("chart.taken-over", `${output} has no other writer any more; this portolan keeps it up to date now`);
    },
  };
}
