/** Control characters, ends of lines that JSON lets pass, marks that turn the direction of what is read. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A text as one line that may be shown: names and tags in a catalog are anybody's, and no control character of theirs may
 * reach a terminal, end a line of the log, or turn around what is read of it. What it escapes JSON reads back.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escaped);
}

/** The same for a text whose lines are our own. */
export function printableLines(text: string): string {
  return text.replace(UNPRINTABLE, (character) => (character === "\n" ? character : escaped(character)));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
