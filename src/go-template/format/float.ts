import { TemplateFault } from "../fault.ts";
import type { Directive } from "./directive.ts";
import { pad, padNumber, signOf } from "./pad.ts";

/** Without a precision a million is `1e+06`. */
const SHORTEST_EXPONENT_LIMIT = 6;
/** As many decimals as JavaScript gives. */
const MAX_DIGITS = 100;

/** A float as Go's fmt prints it; undefined if the verb is not for floats. */
export function formatFloat(value: number, directive: Directive): string | undefined {
  const { verb } = directive;
  if (!/^[vgGeEfFbxX]$/.test(verb)) return undefined;
  if (/[bxX]/.test(verb)) throw new TemplateFault(`%${verb} of a float64 is not supported`);
  if (!Number.isFinite(value)) return formatNonFinite(value, directive);
  const shown = digitsOf(Math.abs(value), directive);
  const digits = directive.sharp ? withPoint(shown, directive) : shown;
  const sign = signOf(value < 0 || Object.is(value, -0), directive);
  return padNumber(sign, verb === "E" || verb === "G" ? digits.toUpperCase() : digits, directive, directive.zero);
}

function formatNonFinite(value: number, directive: Directive): string {
  const sign = Number.isNaN(value)
    ? signOf(false, directive)
    : value < 0
      ? "-"
      : directive.space && !directive.plus
        ? " "
        : "+";
  const shown = sign === "+" && !directive.plus ? "" : sign;
  return pad(Number.isNaN(value) ? `${shown}NaN` : `${sign}Inf`, directive, false);
}

function digitsOf(value: number, { verb, precision }: Directive): string {
  switch (verb) {
    case "e":
    case "E":
      return exponential(value, (precision ?? 6) + 1);
    case "f":
    case "F":
      return fixedPoint(value, precision ?? 6);
    default:
      return general(value, precision);
  }
}

/** `%#f` always has a point, `%#g` as many digits as its precision says, or six. */
function withPoint(shown: string, { verb, precision = 6 }: Directive): string {
  const [number = "", tail = ""] = shown.split(/(?=e)/);
  const significant = number === "0" ? 1 : number.replace(".", "").replace(/^0+/, "").length;
  const missing = /[vgG]/.test(verb) ? Math.max(0, precision - significant) : 0;
  return number + (number.includes(".") ? "" : ".") + "0".repeat(missing) + tail;
}

/** `%g`: the shortest digits that mean this number, or as many as the precision says; an exponent where that is shorter. */
function general(value: number, precision: number | undefined): string {
  const wanted = precision === undefined ? undefined : Math.max(1, precision);
  const rounded = wanted === undefined ? shortest(value) : roundedTo(value, wanted);
  const digits = rounded.digits.replace(/0+$/, "") || "0";
  const { exponent } = rounded;
  if (exponent < -4 || exponent >= exponentLimit(digits.length, exponent, wanted))
    return withExponent(digits, exponent);
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const fraction = digits.slice(exponent + 1);
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

function shortest(value: number): { readonly digits: string; readonly exponent: number } {
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  return { digits: mantissa.replace(".", ""), exponent: Number(exponent) };
}

/** From which exponent on Go's `%g` shows it. */
function exponentLimit(digits: number, exponent: number, precision: number | undefined): number {
  if (precision === undefined) return SHORTEST_EXPONENT_LIMIT;
  return precision > digits && digits > exponent ? digits : precision;
}

/** So many significant digits and an exponent of at least two. */
function exponential(value: number, significant: number): string {
  const { digits, exponent } = roundedTo(value, significant);
  return withExponent(digits.padEnd(significant, "0"), exponent);
}

/** So many significant digits, or as many as JavaScript gives. */
function roundedTo(value: number, significant: number): { readonly digits: string; readonly exponent: number } {
  const decimals = Math.min(MAX_DIGITS, significant - 1);
  const [exact = ""] = value.toExponential(MAX_DIGITS).split("e");
  const cut = exact.slice(0, decimals + 2);
  const [mantissa = "", exponent = "0"] = value.toExponential(decimals).split("e");
  return { digits: (isDownTie(cut, exact) ? cut : mantissa).replace(".", ""), exponent: Number(exponent) };
}

function withExponent(digits: string, exponent: number): string {
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
  const sign = exponent < 0 ? "-" : "+";
  return `${digits.slice(0, 1)}${fraction}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function fixedPoint(value: number, precision: number): string {
  // Beyond this every float is whole, and `toFixed` gives an exponent.
  if (value >= 1e21) return precision === 0 ? BigInt(value).toString() : `${BigInt(value)}.${"0".repeat(precision)}`;
  const exact = value.toFixed(MAX_DIGITS);
  const digits = Math.min(MAX_DIGITS, precision);
  const cut = exact.slice(0, exact.length - MAX_DIGITS + digits);
  const rounded = isDownTie(cut, exact) ? cut.replace(/\.$/, "") : value.toFixed(digits);
  return rounded + "0".repeat(precision - digits);
}

/**
 * Go rounds a tie to the even digit, JavaScript up. A float that lies in the middle has no more digits than those that
 * `exact` shows.
 */
function isDownTie(cut: string, exact: string): boolean {
  return /[02468]\.?$/.test(cut) && /^\.?50*$/.test(exact.slice(cut.length));
}
