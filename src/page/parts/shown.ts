import { printable } from "../../base/printable.ts";

/** A longer text of a catalog is cut where it is only looked at. */
const MOST_SHOWN = 400;

/** A text of an unknown author as one harmless line: control characters and marks of direction are visible, as in the terminal. */
export function shown(text: string): string {
  return printable(text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text);
}

/** The URL where it is one of a web server, which the browser may be sent to; undefined for all else, `javascript:` first of all. */
export function webUrl(text: string | undefined): string | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const { protocol, href } = new URL(text);
  return protocol === "http:" || protocol === "https:" ? href : undefined;
}
