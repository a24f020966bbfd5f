import type { Clock } from "../../base/clock.ts";
import type { FullChartListener } from "../fan-out.ts";
import { createChartFileLog } from "./chart/chart-file-log.ts";
import { createDiagnosticLog } from "./chart/diagnostic-log.ts";
import { createDirectoryLog } from "./chart/directory-log.ts";
import { createHoldLog } from "./chart/hold-log.ts";
import { createRollbackLog } from "./chart/rollback-log.ts";
import { createStartLog } from "./chart/start-log.ts";
import { createStateLog } from "./chart/state-log.ts";
import { createTraefikLog } from "./chart/traefik-log.ts";
import { createWriterLog } from "./chart/writer-log.ts";
import { edgeLog } from "./edge-log.ts";
import type { EventLog } from "./event-log.ts";
import { routeLine } from "./route-line.ts";

export interface DaemonLogOptions {
  readonly log: EventLog;
  /** Whose chart it is; lines about another chart than the main one bear its name. */
  readonly edge: string;
  /** The chart's path. */
  readonly output: string;
  readonly clock: Pick<Clock, "nowMs">;
}

/** Turns everything that is reported about one chart into log lines. Decides nothing. */
export function createDaemonLog({ edge, output, clock, ...options }: DaemonLogOptions): FullChartListener {
  const log = edgeLog(options.log, edge);
  const start = createStartLog({ log, output, clock });
  const state = createStateLog(log);
  const file = createChartFileLog(log, output);
  const diagnostics = createDiagnosticLog(log);
  return {
    ...createWriterLog(log, output),
    ...createDirectoryLog(log, output),
    ...createRollbackLog(log, output),
    ...createHoldLog(log),
    ...createTraefikLog(log, clock),
    adopted: start.adopted,
    confirmed: start.confirmed,
    setAside: state.setAside,
    stateNoted: state.stateNoted,
    stateUnsaved: state.stateUnsaved,
    unwritable: file.unwritable,
    charted(pass) {
      state.passEnded();
      start.chartedFrom(pass.snapshots);
      file.writable();
      for (const change of pass.decision.changes) {
        const { event, message, data } = routeLine(change);
        log.emit(event, message, data);
      }
      diagnostics.report(pass);
      file.published(pass);
    },
  };
}
