/** Why a text cannot be used: where, what was found there and what is allowed instead. Offsets count UTF-16 units. */
export interface Flaw {
  readonly kind: "flaw";
  readonly position: number;
  readonly length: number;
  readonly message: string;
  readonly remedy: string;
}

/** How much of the text a message repeats. */
const MAX_QUOTED = 40;

/** A flaw of the piece of `text` from `position` on; its end is never past the end of the text. */
export function flaw(position: number, length: number, message: string, remedy: string): Flaw {
  return { kind: "flaw", position, length, message, remedy };
}

/** A piece of a rule or expression for a message: quoted, and cut where it is long. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);
}
