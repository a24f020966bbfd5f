import { count } from "../../../base/count.ts";
import type { AppError } from "../../../base/errors.ts";
import { countRouters } from "../../../core/traefik/chart/dynamic-config.ts";
import type { ChartedPass } from "../../charted-pass.ts";
import type { EventLog } from "../event-log.ts";
import { emptyReason } from "./empty-reason.ts";

/** What the log says about the chart's file. */
export interface ChartFileLog {
  /** Logged once for each reason in a row, however often it is tried. */
  unwritable(error: AppError, retryInMs: number): void;
  /** A pass has ended, so the file can be written. */
  writable(): void;
  /** How the pass left the file. */
  published(pass: ChartedPass): void;
}

export function createChartFileLog(log: EventLog, output: string): ChartFileLog {
  /** The code of the error with which the last attempt failed. */
  let failure: string | undefined;

  function replaced({ decision, hash, lagMs }: ChartedPass): void {
    const routers = countRouters(decision.chart);
    log.emit("chart.published", `${output} replaced: ${count(routers, "router")}, ${lagMs} ms after the change`, {
      hash,
      bytes: Buffer.byteLength(decision.text),
      lagMs,
    });
    if (routers > 0) return;
    log.emit("chart.empty", `${output} has no routes: ${emptyReason(decision.memory.translation.services)}`);
  }

  return {
    unwritable({ code, message }, retryInMs) {
      if (failure !== code) {
        log.emit("chart.unwritable", `${message}; the old file stays, trying again`, { code, retryInMs });
      }
      failure = code;
    },
    writable() {
      if (failure !== undefined) log.emit("chart.writable", `${output} can be written again`);
      failure = undefined;
    },
    published(pass) {
      const { didWrite, warning, externalChange, isUnwatched } = pass.published;
      if (didWrite) replaced(pass);
      if (externalChange !== undefined) {
        log.emit("chart.repaired", `${output} had been ${externalChange} by another process and is right again`, {
          meddling: externalChange,
        });
      }
      if (isUnwatched) {
        log.emit(
          "chart.unwatched",
          `the directory of ${output} was replaced; Traefik watches the old one and sees no change from now on: restart Traefik, and never replace that directory (a SIGHUP makes Traefik read the new one, but only once)`,
        );
      }
      if (warning !== undefined && didWrite) log.emit("chart.warning", warning);
    },
  };
}
