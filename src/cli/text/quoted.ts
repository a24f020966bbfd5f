import { printable } from "../../base/printable.ts";

/** A message has one line: what stands on a command line may be of any length, and contain anything. */
const MAX_LENGTH = 60;

/** A word of the command line, or a name that was asked for, as it may stand in a message: in quotes, inert, not too long. */
export function quoted(word: string): string {
  const shown = word.length > MAX_LENGTH ? `${word.slice(0, MAX_LENGTH)}…` : word;
  return `"${printable(shown)}"`;
}
