import type { Budget } from "../budget.ts";
import type { GoValue } from "../value/value.ts";
import { plain } from "./directive.ts";
import { formatValue } from "./value.ts";

/** What an action writes for a value. */
export function printed(value: GoValue, budget: Budget): string {
  return value === undefined || value === null ? "<no value>" : shown(value, budget);
}

/** A value by `%v`. */
export function shown(value: GoValue, budget: Budget): string {
  return typeof value === "string" ? value : formatValue(value, plain("v"), budget);
}

/** Go's `fmt.Sprint`: blanks only between two values of which none is a string. */
export function print(values: readonly GoValue[], budget: Budget): string {
  let bytes = "";
  for (const [at, value] of values.entries()) {
    const previous = values[at - 1];
    if (at > 0 && typeof value !== "string" && typeof previous !== "string") bytes += " ";
    bytes += shown(value, budget);
    budget.spendBytes(bytes.length);
  }
  return bytes;
}

/** Go's `fmt.Sprintln`: blanks between all values, and a new line. */
export function printLine(values: readonly GoValue[], budget: Budget): string {
  return `${values.map((value) => shown(value, budget)).join(" ")}\n`;
}
