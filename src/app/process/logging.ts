import { wantsColour } from "../../base/wants-colour.ts";
import type { Settings } from "../../config/files/schema.ts";
import { createEventLog, type EventLog } from "../../observe/log/event-log.ts";

/** What the log needs of standard error. */
interface ErrorStream {
  readonly isTTY?: boolean | undefined;
  on(event: "error", listener: () => void): unknown;
  write(text: string): unknown;
}

/**
 * The log of a command: synchronous, so that the last lines before an exit are not lost.
 *
 * @param stream standard error, or another stream in tests
 * @param environment where NO_COLOR is looked for
 */
export function openLog(
  { level, format }: Settings["log"],
  stream: ErrorStream = process.stderr,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): EventLog {
  // The reader of the log may end before portolan does; that must not end portolan.
  stream.on("error", () => {});
  const chosen = format === "auto" ? (stream.isTTY ? "pretty" : "json") : format;
  const destination = { write: (line: string) => void stream.write(line) };
  return createEventLog({ level, format: chosen, destination, colorize: wantsColour(stream, environment) });
}
