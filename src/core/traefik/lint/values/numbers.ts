import { parseDuration } from "../../../../go/duration.ts";
import type { Finding } from "../../../diagnostics/finding.ts";
import { type Subject, valueAt } from "../subject.ts";
import { unknown } from "./value-finding.ts";

/** The period of a rate limit: zero is a second, and none is below. */
export function checkPeriod(subject: Subject): readonly Finding[] {
  const period = valueAt(subject.object, "rateLimit", "period");
  if (period === undefined) return [];
  const text = String(period);
  const ns = /^[+-]?[0-9]+$/.test(text) ? BigInt(Number(text)) : parseDuration(text);
  if (ns === undefined || ns >= 0n) return [];
  return [unknown(subject, "rateLimit.period", JSON.stringify(text), "a duration that is not negative, such as 1s")];
}

const SIZES = ["maxRequestBodyBytes", "memRequestBodyBytes", "maxResponseBodyBytes", "memResponseBodyBytes"];

/** What is buffered, in bytes. */
export function checkSizes(subject: Subject): readonly Finding[] {
  const field = SIZES.find((one) => Number(valueAt(subject.object, "buffering", one) ?? 0) < 0);
  if (field === undefined) return [];
  const found = String(valueAt(subject.object, "buffering", field));
  return [unknown(subject, `buffering.${field}`, found, "a number of bytes, 0 or more")];
}
