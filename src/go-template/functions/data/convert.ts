import { parseIntegerText } from "../../syntax/literal.ts";
import { type GoValue, isInteger } from "../../value/value.ts";

const SMALLEST = -(2n ** 63n);

/** What sprig makes a whole number of: numbers, their text in Go's notations, booleans. All else is 0, never an error. */
export function toInteger(value: GoValue): bigint {
  if (isInteger(value)) return value.value;
  if (typeof value === "number") return truncate(value);
  if (typeof value === "boolean") return value ? 1n : 0n;
  return typeof value === "string" ? (parseIntegerText(withoutZeroDecimals(value)) ?? 0n) : 0n;
}

/** As Go on amd64 and arm64 converts; what does not fit is the smallest number there is. */
function truncate(value: number): bigint {
  return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : SMALLEST;
}

/** `7.00` counts as 7, `7.10` as nothing. */
function withoutZeroDecimals(text: string): string {
  return text.replace(/\.0+$/, "");
}

/** What sprig makes a float of. */
export function toFloat(value: GoValue): number {
  if (isInteger(value)) return Number(value.value);
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value !== "string") return 0;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(value) && Number.isFinite(Number(value))
    ? Number(value)
    : 0;
}
