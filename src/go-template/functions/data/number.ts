import type { Budget } from "../../budget.ts";
import { TemplateFault } from "../../fault.ts";
import { shown } from "../../format/print.ts";
import { type GoList, type GoValue, int, int64 } from "../../value/value.ts";
import { ANY, FLOAT, fixed, type GoFunction, INT, TEXT, variadic } from "../parameter.ts";
import { toFloat, toInteger } from "./convert.ts";

const biggest = variadic([ANY], ANY, (_, others, first) => extreme(first.value, others, (a, b) => a > b));

/** sprig's arithmetic. Whole numbers have 64 bits and wrap around; what is no number counts as 0. */
export const NUMBER_FUNCTIONS: Readonly<Record<string, GoFunction>> = {
  int: fixed([ANY], (_, { value }) => int(toInteger(value))),
  int64: fixed([ANY], (_, { value }) => int64(toInteger(value))),
  float64: fixed([ANY], (_, { value }) => toFloat(value)),
  atoi: fixed([TEXT], (_, text) => int(parseDecimal(text))),
  toDecimal: fixed([ANY], (budget, { value }) => int64(parseOctal(shown(value, budget)))),
  add1: fixed([ANY], (_, { value }) => int64(toInteger(value) + 1n)),
  add: variadic([], ANY, (_, values) => int64(values.reduce((sum, { value }) => sum + toInteger(value), 0n))),
  sub: fixed([ANY, ANY], (_, a, b) => int64(toInteger(a.value) - toInteger(b.value))),
  mul: variadic([ANY], ANY, (_, others, first) =>
    int64(others.reduce((product, { value }) => BigInt.asIntN(64, product * toInteger(value)), toInteger(first.value))),
  ),
  div: fixed([ANY, ANY], (_, a, b) => int64(toInteger(a.value) / divisor(b.value))),
  mod: fixed([ANY, ANY], (_, a, b) => int64(toInteger(a.value) % divisor(b.value))),
  max: biggest,
  biggest,
  min: variadic([ANY], ANY, (_, others, first) => extreme(first.value, others, (a, b) => a < b)),
  maxf: variadic([ANY], ANY, (_, others, first) =>
    Math.max(toFloat(first.value), ...others.map(({ value }) => toFloat(value))),
  ),
  minf: variadic([ANY], ANY, (_, others, first) =>
    Math.min(toFloat(first.value), ...others.map(({ value }) => toFloat(value))),
  ),
  floor: fixed([ANY], (_, { value }) => Math.floor(toFloat(value))),
  ceil: fixed([ANY], (_, { value }) => Math.ceil(toFloat(value))),
  round: variadic([ANY, INT], FLOAT, (_, [roundUpFrom = 0.5], { value }, places) =>
    round(toFloat(value), places, roundUpFrom),
  ),
  until: fixed([INT], (budget, count) => numbers(0, count, count < 0 ? -1 : 1, budget)),
  untilStep: fixed([INT, INT, INT], (budget, start, stop, step) => numbers(start, stop, step, budget)),
  seq: variadic([], INT, (budget, values) => sequence(values, budget)),
};

function divisor(value: GoValue): bigint {
  const number = toInteger(value);
  if (number === 0n) throw new TemplateFault("division by zero");
  return number;
}

function extreme(
  first: GoValue,
  others: readonly { readonly value: GoValue }[],
  beats: (a: bigint, b: bigint) => boolean,
): GoValue {
  let best = toInteger(first);
  for (const { value } of others) {
    const number = toInteger(value);
    if (beats(number, best)) best = number;
  }
  return int64(best);
}

/** Go's `strconv.Atoi` without its errors: no number is 0, one that is too large the largest. */
function parseDecimal(text: string): bigint {
  if (text.length > 1_000 || !/^[+-]?[0-9]+$/.test(text)) return 0n;
  const number = BigInt(text.replace(/^\+/, ""));
  const limit = 2n ** 63n;
  return number >= limit ? limit - 1n : number < -limit ? -limit : number;
}

function parseOctal(text: string): bigint {
  if (text.length > 100 || !/^[+-]?[0-7]+$/.test(text)) return 0n;
  const magnitude = BigInt(`0o${text.replace(/^[+-]/, "")}`);
  const number = text.startsWith("-") ? -magnitude : magnitude;
  return BigInt.asIntN(64, number) === number ? number : 0n;
}

function round(value: number, places: number, roundUpFrom: number): number {
  const power = 10 ** places;
  const shifted = power * value;
  const fraction = shifted - Math.trunc(shifted);
  return (fraction >= roundUpFrom ? Math.ceil(shifted) : Math.floor(shifted)) / power;
}

/** From `start` on, before `stop`; nothing if the step leads away. */
function numbersBetween(start: number, stop: number, step: number, budget: Budget): number[] {
  if (stop < start ? step >= 0 : step <= 0) return [];
  const count = Math.ceil((stop - start) / step);
  budget.spend(count);
  return Array.from({ length: count }, (_, at) => start + at * step);
}

function numbers(start: number, stop: number, step: number, budget: Budget): GoList {
  return {
    kind: "list",
    element: "int",
    items: numbersBetween(start, stop, step, budget).map((number) => int(number)),
  };
}

/** sprig's `seq`: like the shell's, as text, with the last number included. */
function sequence(values: readonly number[], budget: Budget): string {
  const [first, second, third] = values;
  if (first === undefined || values.length > 3) return "";
  if (second === undefined) return sequence([1, first], budget);
  const start = first;
  const stop = third ?? second;
  const direction = stop < start ? -1 : 1;
  const step = third === undefined ? direction : second;
  if (third !== undefined && stop < start && step > 0) return "";
  return numbersBetween(start, stop + direction, step, budget).join(" ");
}
