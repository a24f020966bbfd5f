import { charactersOf } from "../value/bytes.ts";
import type { Directive } from "./directive.ts";

/** Fills bytes up to the width, which counts characters: blanks, or zeros on the left if the flag asks for them. */
export function pad(bytes: string, directive: Directive, zeros = directive.zero && !directive.minus): string {
  if (directive.width === undefined) return bytes;
  const fill = (zeros ? "0" : " ").repeat(Math.max(0, directive.width - charactersOf(bytes).length));
  return directive.minus ? bytes + fill : fill + bytes;
}

/** Fills a number up to the width; zeros go between its sign and its digits. */
export function padNumber(sign: string, digits: string, directive: Directive, zeros: boolean): string {
  if (!zeros || directive.minus || directive.width === undefined) return pad(sign + digits, directive, false);
  return sign + digits.padStart(directive.width - sign.length, "0");
}

/** The sign that a number gets: its own, or what the flags ask for. */
export function signOf(negative: boolean, directive: Directive): string {
  if (negative) return "-";
  return directive.plus ? "+" : directive.space ? " " : "";
}
