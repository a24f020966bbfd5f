import type { Watches } from "../../state/watches.ts";
import type { NomadEvent } from "../events/event.ts";
import type { EventLog } from "../events/event-log.ts";

/** The writes of a cluster, in one order over all tables. */
export interface WriteLog {
  /** The place of the next write. One that changes nothing takes its place as well. */
  next(): number;
  /** Tells of a write: wakes the queries that watch any of the keys, and puts its events into the stream. */
  written(index: number, watched: Iterable<string>, events: readonly NomadEvent[]): void;
}

/** @param begin the index of the last write before the first one here */
export function createWriteLog(watches: Watches, stream: EventLog, begin: number): WriteLog {
  let index = begin;
  return {
    next() {
      index += 1;
      return index;
    },
    written(at, watched, events) {
      watches.touch(new Set(watched));
      if (events.length > 0) stream.append({ index: at, events });
    },
  };
}
