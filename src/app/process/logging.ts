import type { Settings } from "../../config/files/schema.ts";
import { createEventLog, type EventLog } from "../../observe/log/event-log.ts";

/** The log of a command, on standard error: synchronous, so that the last lines before an exit are not lost. */
export function openLog({ level, format }: Settings["log"]): EventLog {
  // The reader of the log may end before portolan does; that must not end portolan.
  process.stderr.on("error", () => {});
  const isTerminal = process.stderr.isTTY;
  const chosen = format === "auto" ? (isTerminal ? "pretty" : "json") : format;
  return createEventLog({ level, format: chosen, destination: process.stderr, colorize: isTerminal });
}
