import { printable } from "../../base/printable.ts";

/** How many bytes a value takes in a line of the log: as JSON, with everything escaped that is not shown as it is. */
export function bytesOf(value: unknown): number {
  // A message is made printable before it becomes JSON, so that its backslashes are escaped once more.
  const text = typeof value === "string" ? JSON.stringify(printable(value)) : printable(JSON.stringify(value));
  return ASCII.test(text) ? text.length : UTF8.encode(text).length;
}

/** Of a text that is all ASCII each character is a byte, and nothing has to be encoded to count them. */
const ASCII = /^[\0-\x7f]*$/;
// Not Node's Buffer: the page for browsers uses the same words.
const UTF8 = new TextEncoder();

/** A text of the catalog's as it stands in a line of the log that has so many bytes for it, apart from the note that it was cut. */
export function cutToBytes(text: string, most: number): string {
  if (text.length * LARGEST + 2 <= most || bytesOf(text) <= most) return text;
  let end = Math.max(0, Math.min(text.length, Math.floor(most)));
  while (end > 0 && bytesOf(text.slice(0, end)) > most) end = Math.floor(end * 0.9);
  return `${text.slice(0, end).replace(/[\ud800-\udbff]$/, "")}… (${text.length} characters)`;
}

/** No character takes more: an escape of six, with its backslash escaped again. */
const LARGEST = 7;
