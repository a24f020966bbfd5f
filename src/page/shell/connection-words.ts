import type { Connection } from "../live/live.ts";
import { timeOfDay } from "../parts/times.ts";

/** How the page hears of the daemon, for people. */
export interface ConnectionWords {
  /** In a word. */
  readonly brief: string;
  /** All of it; empty where there is no more to say. */
  readonly whole: string;
}

export function connectionWords(connection: Connection, nowMs: number): ConnectionWords {
  switch (connection.kind) {
    case "connecting":
      return { brief: "connecting", whole: "" };
    case "live":
      return { brief: "live", whole: "" };
    case "polling":
      return {
        brief: "asked every 2 s",
        whole: "The stream of changes does not reach this page; the daemon is asked every 2 seconds instead.",
      };
    case "outdated":
      return { brief: "outdated", whole: "The daemon is of another version than this page." };
    case "away": {
      const { sinceMs, heardMs } = connection;
      const shown =
        heardMs === undefined ? "nothing has been read yet" : `what is shown is of ${timeOfDay(heardMs, nowMs)}`;
      return {
        brief: "reconnecting",
        whole: `The daemon does not answer; ${shown}. Reconnecting since ${timeOfDay(sinceMs, nowMs)}.`,
      };
    }
  }
}
