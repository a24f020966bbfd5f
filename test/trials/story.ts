import type { EventName } from "../../src/observe/log/events.ts";

interface Line {
  readonly level: string;
  readonly event: string;
  readonly msg: string;
}

const DOZEN = 12;
/** What a start says in any weather. */
const OF_EVERY_START = ["daemon.started", "traefik.unasked"];
const SEVERITY = ["error", "warn", "info", "debug"];

export interface Story {
  /** The line that says most about the fault, for the table. */
  readonly headline: string;
  readonly problems: readonly string[];
}

/**
 * Judges what portolan said from the beginning of a fault on, each process a log of its own: short but for what every start
 * says, without a stack trace, and with the events that the row names.
 */
export function judgeStory(
  logs: readonly (readonly string[])[],
  tells: readonly EventName[],
  mostLines = DOZEN,
): Story {
  const problems: string[] = [];
  const parsed = logs.map((log) => log.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as Line));
  for (const lines of parsed) {
    const ofFault = lines.filter(({ event }) => !OF_EVERY_START.includes(event));
    if (ofFault.length > mostLines) problems.push(`the log has ${ofFault.length} lines: ${countEvents(ofFault)}`);
  }
  if (logs.flat().some((line) => /(?:^|\\n)\s+at .+:\d+/.test(line))) problems.push("a stack trace in the log");
  const lines = parsed.flat();
  const missing = tells.filter((event) => !lines.some((line) => line.event === event));
  if (missing.length > 0) {
    problems.push(`the log does not tell ${missing.join(", ")}; it tells ${countEvents(lines) || "nothing"}`);
  }
  const byInterest = (line: Line) =>
    SEVERITY.indexOf(line.level) + (tells[0] === line.event ? -2 : 0) + (line.event.startsWith("route.") ? 2 : 0);
  const [best] = [...lines].sort((a, b) => byInterest(a) - byInterest(b));
  return { headline: best === undefined ? "nothing" : `${best.event}: ${best.msg}`, problems };
}

function countEvents(lines: readonly Line[]): string {
  const counts = new Map<string, number>();
  for (const { event } of lines) counts.set(event, (counts.get(event) ?? 0) + 1);
  return [...counts].map(([event, count]) => (count === 1 ? event : `${event} ×${count}`)).join(", ");
}
