import { MAIN_EDGE } from "../../core/settings.ts";
import type { EventLog } from "./event-log.ts";

/** The log as one chart uses it: beside the main chart's, each line says which chart it is about. */
export function edgeLog(log: EventLog, edge: string): EventLog {
  if (edge === MAIN_EDGE) return log;
  return {
    emit: (event, message, data = {}) => log.emit(event, `${edge}: ${message}`, { ...data, edge }),
    setLevel: (level) => log.setLevel(level),
  };
}
