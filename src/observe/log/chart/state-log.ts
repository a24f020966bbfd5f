import type { DaemonObserver } from "../../observer.ts";
import type { EventLog } from "../event-log.ts";

/** What the log says about the files in the state directory. */
export interface StateLog extends Pick<DaemonObserver, "setAside" | "stateNoted" | "stateUnsaved"> {
  /** A pass has ended: a save that fails from now on belongs to the next one. */
  passEnded(): void;
}

export function createStateLog(log: EventLog): StateLog {
  /** A full disk is tried every second: a failed save is logged again only after a pass without it. */
  let reported = new Set<string>();
  let failedInPass = new Set<string>();
  return {
    setAside: (reason, movedTo) =>
      log.emit("state.set-aside", `${reason}; moved to ${movedTo}, starting without it`, { movedTo }),
    stateNoted: (note) => log.emit("state.noted", note),
    stateUnsaved({ code, message }) {
      failedInPass.add(message);
      if (reported.has(message)) return;
      reported.add(message);
      log.emit("state.unsaved", `${message}; routes go on`, { code });
    },
    passEnded() {
      reported = failedInPass;
      failedInPass = new Set();
    },
  };
}
