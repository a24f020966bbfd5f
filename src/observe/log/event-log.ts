import { type DestinationStream, pino } from "pino";
import { prettyFactory } from "pino-pretty";
import { printable } from "../../base/printable.ts";
import { EVENTS, type EventName } from "./events.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Writes events. Data must be plain values: no error objects, no secrets. */
export interface EventLog {
  emit(event: EventName, message: string, data?: Readonly<Record<string, unknown>>): void;
  setLevel(level: LogLevel): void;
}

export interface EventLogOptions {
  readonly level: LogLevel;
  readonly format: "json" | "pretty";
  /** Where lines go; standard error in the daemon, since standard output is for results. */
  readonly destination: DestinationStream;
  readonly colorize?: boolean;
}

/** JSON lines for machines (`event` and its data are stable), or one readable line an event for a person at a terminal. */
export function createEventLog({ level, format, destination, colorize = false }: EventLogOptions): EventLog {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const logger = pino(options, format === "json" ? jsonStream(destination) : prettyStream(destination, colorize));
  return {
    emit(event, message, data = {}) {
      logger[EVENTS[event].level]({ event, ...data }, printable(message));
    },
    setLevel(next) {
      logger.level = next;
    },
  };
}

/** Data hold texts from the catalog, too, and JSON does not escape control characters beyond ASCII or marks of direction. */
function jsonStream(destination: DestinationStream): DestinationStream {
  return { write: (line: string) => destination.write(`${printable(line.slice(0, -1))}\n`) };
}

function prettyStream(destination: DestinationStream, colorize: boolean): DestinationStream {
  // The data repeats what the message says, and a person at a terminal reads one line an event.
  const pretty = prettyFactory({ colorize, translateTime: "SYS:HH:MM:ss.l", hideObject: true, ignore: "event" });
  return { write: (line: string) => destination.write(pretty(line)) };
}
