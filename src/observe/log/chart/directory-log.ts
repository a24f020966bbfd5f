import type { DirectoryObserver } from "../../observer.ts";
import type { EventLog } from "../event-log.ts";

/** What the log says about the directory of the chart `output`. */
export function createDirectoryLog(log: EventLog, output: string): DirectoryObserver {
  return {
    directoryRefused: ({ file, message }) =>
      log.emit(
        "chart.refused",
        `traefik refuses the directory of ${output}, and goes on with what it loaded last (after a restart with nothing): ${message}`,
        { file },
      ),
    directoryLoadable: () => log.emit("chart.loadable", `traefik can load the directory of ${output} again`),
  };
}
