import type { StatusAnswer } from "../../api/resources/status.ts";

/** What moves while nothing happens. */
const MOVING = new Set([
  ...["uptimeSeconds", "ageSeconds", "answerAgeSeconds", "failingSeconds", "openRequests", "readAt"],
]);

/** A text that is the same as long as the status says the same apart from ages. */
export function statusWithoutAges({ reasons, ...rest }: StatusAnswer): string {
  // A reason tells its age in words.
  const lasting = reasons.map((reason) => reason.replace(/\bfor \d+ s\b/g, ""));
  return JSON.stringify({ lasting, ...rest }, (key, value: unknown) => (MOVING.has(key) ? undefined : value));
}
