import type { Clock } from "../../../base/clock.ts";
import { count } from "../../../base/count.ts";
import { catalogWords } from "../../../core/catalog/catalog-words.ts";
import type { CatalogSnapshot } from "../../../core/catalog/snapshot.ts";
import { catalogData } from "../../catalog-label.ts";
import type { DaemonObserver } from "../../observer.ts";
import { duration } from "../duration.ts";
import type { EventLog } from "../event-log.ts";

/** What the log says about the start of a chart: what was found on disk, and which catalogs the first chart lacks. */
export interface StartLog extends Pick<DaemonObserver, "adopted" | "confirmed"> {
  /** A pass was charted from these; only the first counts. */
  chartedFrom(snapshots: readonly CatalogSnapshot[]): void;
}

export interface StartLogOptions {
  readonly log: EventLog;
  readonly output: string;
  readonly clock: Pick<Clock, "nowMs">;
}

export function createStartLog({ log, output, clock }: StartLogOptions): StartLog {
  let hasCharted = false;
  return {
    adopted({ routers, storedSnapshots }) {
      if (routers !== undefined) {
        const found = `${output} holds ${count(routers, "router")} of an earlier run`;
        const stay = routers === 1 ? "stays" : "stay";
        log.emit("chart.adopted", `${found}, which ${stay} until the catalog says more`, { routers });
      }
      for (const { catalogName, readAtMs, instances } of storedSnapshots) {
        const ageMs = clock.nowMs() - readAtMs;
        const standIn = `the last good snapshot, ${duration(ageMs)} old, stands in`;
        log.emit("source.stored", `${standIn} until ${catalogWords(catalogName)} answers`, {
          ...catalogData(catalogName),
          instances: instances.length,
          ageMs,
        });
      }
    },
    confirmed() {
      log.emit("chart.confirmed", `${output} is what was decided from all that is stored and set now`);
    },
    chartedFrom(snapshots) {
      if (hasCharted) return;
      hasCharted = true;
      const catalogs = snapshots
        .filter(({ freshness }) => freshness === "unread")
        .map(({ catalogName = "" }) => catalogName);
      if (catalogs.length === 0) return;
      const lacking = `${output} is charted without ${catalogs.join(", ")}`;
      log.emit("chart.partial", `${lacking}, of which nothing has been read yet and no last good snapshot is kept`, {
        catalogs,
      });
    },
  };
}
