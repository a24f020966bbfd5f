import type { EventLog } from "../../src/observe/log/event-log.ts";
import type { EventName } from "../../src/observe/log/events.ts";

/** One event as it was logged. */
export interface LoggedEvent {
  readonly event: EventName;
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface RecordingLog extends EventLog {
  readonly events: readonly LoggedEvent[];
  /** Each event with its message: `chart.published: …`. */
  readonly lines: readonly string[];
  readonly names: readonly EventName[];
  clear(): void;
}

/** A log in memory. */
export function createRecordingLog(): RecordingLog {
  let events: LoggedEvent[] = [];
  return {
    emit: (event, message, data = {}) => void events.push({ event, message, data }),
    setLevel() {},
    get events() {
      return events;
    },
    get lines() {
      return events.map(({ event, message }) => `${event}: ${message}`);
    },
    get names() {
      return events.map(({ event }) => event);
    },
    clear() {
      events = [];
    },
  };
}
