import { bytesOf } from "../value/bytes.ts";
import type { Directive } from "./directive.ts";
import { pad, padNumber, signOf } from "./pad.ts";
import { isPrintable, quoteCharacter } from "./quote.ts";

const BASES: Readonly<Record<string, number>> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };

/** A whole number as Go's fmt prints it; undefined if the verb is not for numbers. */
export function formatInteger(value: bigint, directive: Directive): string | undefined {
  const { verb } = directive;
  const base = BASES[verb];
  if (base !== undefined) return formatDigits(value, base, directive);
  switch (verb) {
    case "c":
      return pad(bytesOf(characterOf(value)), directive);
    case "q":
      return pad(quoteCharacter(characterOf(value), directive.plus), directive);
    case "U":
      return formatUnicode(BigInt.asUintN(64, value), directive);
    default:
      return undefined;
  }
}

function formatDigits(value: bigint, base: number, directive: Directive): string {
  const { verb, precision, sharp } = directive;
  // Precision 0 prints a zero as nothing, yet as wide as asked for.
  if (precision === 0 && value === 0n) return pad("", directive, false);
  const digits = (value < 0n ? -value : value).toString(base).padStart(precision ?? 0, "0");
  const cased = verb === "X" ? digits.toUpperCase() : digits;
  const sign = signOf(value < 0n, directive);
  // A zero fill stands for the precision, so that the prefix comes on top of it.
  const zeros = directive.zero && !directive.minus && precision === undefined;
  const filled = zeros ? cased.padStart((directive.width ?? 0) - sign.length, "0") : cased;
  return padNumber(sign + prefixOf(verb, base, sharp, filled), filled, directive, false);
}

function prefixOf(verb: string, base: number, sharp: boolean, digits: string): string {
  if (verb === "O") return sharp && !digits.startsWith("0") ? "0o0" : "0o";
  if (!sharp) return "";
  if (base === 8) return digits.startsWith("0") ? "" : "0";
  return base === 2 ? "0b" : base === 16 ? `0${verb}` : "";
}

function formatUnicode(value: bigint, directive: Directive): string {
  const digits = value
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(4, directive.precision ?? 0), "0");
  const character = characterOf(value);
  const shown = directive.sharp && value <= 0x10ffffn && isPrintable(character) ? ` '${character}'` : "";
  return pad(bytesOf(`U+${digits}${shown}`), directive, false);
}

/** The character with that number; U+FFFD if there is none. */
function characterOf(value: bigint): string {
  return value >= 0n && value <= 0x10ffffn ? String.fromCodePoint(Number(value)).toWellFormed() : "\ufffd";
}
