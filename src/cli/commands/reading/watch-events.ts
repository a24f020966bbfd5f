import { ASKED } from "../../../api/client/asked.ts";
import type { EventRow } from "../../../api/resources/events.ts";
import { systemClock } from "../../../base/clock.ts";
import { AppError } from "../../../base/errors.ts";
import { printable } from "../../../base/printable.ts";
import type { FlagValues } from "../../command-line/command-line.ts";
import { toSeconds } from "../../text/age.ts";
import type { Colours } from "../../text/colour.ts";
import { askDaemon } from "./ask-daemon.ts";

/** How long the daemon waits for an event, at most; a proxy or a sleeping laptop costs one such time. */
const WAIT_SECONDS = 8;
const RETRY_MS = 1_000;

export interface EventsWatch {
  /** Of the routers, by the names of the API's parameters. */
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Those behind this id. */
  readonly after: number;
  event(event: EventRow): void;
  /** Something to know about the watch itself. */
  note(text: string): void;
}

/** The id behind which everything is still to come. */
export async function latestEvent(flags: FlagValues): Promise<number> {
  return (await askDaemon(flags, ASKED.events, { limit: 1 })).last;
}

/**
 * Follows what happens until aborted; a portolan that is restarted meanwhile is waited for. Throws AppError where it refuses
 * what is asked.
 */
export async function watchEvents(
  flags: FlagValues,
  { query, event, note, ...watch }: EventsWatch,
  signal: AbortSignal,
): Promise<void> {
  let { after } = watch;
  let isAway = false;
  while (!signal.aborted) {
    try {
      const answer = await askDaemon(flags, ASKED.events, { ...query, after, wait: WAIT_SECONDS }, signal);
      if (isAway) note("portolan answers again");
      isAway = false;
      if (!answer.isComplete) note("some changes were missed; portolan routes has the present");
      for (const one of answer.events) event(one);
      after = answer.last;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof AppError) || !error.retryable) throw error;
      if (!isAway) note(error.message);
      isAway = true;
      await systemClock.sleep(RETRY_MS, signal);
    }
  }
}

/** Aborted by Ctrl-C, by SIGTERM, and when the reader of standard output has gone, as `head` does. */
export function untilStopped(): AbortSignal {
  const stop = new AbortController();
  const end = () => stop.abort();
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  process.stdout.once("error", end);
  return stop.signal;
}

const KINDS: Readonly<Record<string, keyof Pick<Colours, "added" | "removed" | "changed">>> = {
  "route.added": "added",
  "route.restored": "added",
  "route.removed": "removed",
  "route.emptied": "removed",
};

/** One line: when, and the line of the log. */
export function eventText({ at, chart, event, message }: EventRow, colours: Colours): string {
  const where = chart === "main" ? "" : ` ${printable(chart)}:`;
  return `${colours.faint(toSeconds(at))}${where} ${colours[KINDS[event] ?? "changed"](printable(message))}\n`;
}
