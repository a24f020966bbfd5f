import type { Watches } from "../../state/watches.ts";
import type { NomadEvent } from "../events/event.ts";
import type { EventLog } from "../events/event-log.ts";

/** The writes of a cluster, in one order over all tables. */
export interface WriteLog {
  /** The place of the next write. One that changes nothing takes its place as well. */
  next(): number;
  /** Tells of a write: wakes the queries that watch any of the keys, and puts its events into the stream. */
  written(index: number, watched: Iterable<string>, events: readonly NomadEvent[]): void;
  /** What is written in it, at once, has one place in the log and one line in the stream. */
  together(write: () => void): void;
}

/** @param begin the index of the last write before the first one here */
export function createWriteLog(watches: Watches, stream: EventLog, begin: number): WriteLog {
  let index = begin;
  let plan: { readonly watched: Set<string>; readonly events: NomadEvent[] } | undefined;

  function tell(at: number, watched: Iterable<string>, events: readonly NomadEvent[]): void {
    watches.touch(watched);
    if (events.length > 0) stream.append({ index: at, events });
  }

  return {
    next() {
      if (plan === undefined) index += 1;
      return index;
    },
    written(at, watched, events) {
      if (plan === undefined) return tell(at, new Set(watched), events);
      for (const key of watched) plan.watched.add(key);
      plan.events.push(...events);
    },
    together(write) {
      if (plan !== undefined) return write();
      index += 1;
      plan = { watched: new Set(), events: [] };
      try {
        write();
      } finally {
        const { watched, events } = plan;
        plan = undefined;
        tell(index, watched, events);
      }
    },
  };
}
