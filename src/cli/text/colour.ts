import type { Severity } from "../../api/resources/words.ts";
import { wantsColour } from "../../base/wants-colour.ts";

/** How parts of a text are shown on a terminal. Each takes text that is printable already. */
export interface Colours {
  added(text: string): string;
  removed(text: string): string;
  changed(text: string): string;
  strong(text: string): string;
  faint(text: string): string;
}

/** The colour of what has this severity. */
export function severityColour({ removed, changed, faint }: Colours, severity: Severity): (text: string) => string {
  return { error: removed, warning: changed, info: faint }[severity];
}

const asIs = (text: string): string => text;

/** Text as it is: for files, pipes, and terminals without colour. */
export const PLAIN_TEXT: Colours = { added: asIs, removed: asIs, changed: asIs, strong: asIs, faint: asIs };

const ON_TERMINAL: Colours = {
  added: escaped(32),
  removed: escaped(31),
  changed: escaped(33),
  strong: escaped(1, 22),
  faint: escaped(2, 22),
};

/** Colours where they are wanted, see `wantsColour`. */
export function coloursFor(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): Colours {
  return wantsColour(stream, environment) ? ON_TERMINAL : PLAIN_TEXT;
}

function escaped(on: number, off = 39): (text: string) => string {
  return (text) => (text === "" ? "" : `\u001b[${on}m${text}\u001b[${off}m`);
}
