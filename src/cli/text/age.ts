import { age } from "../../base/age.ts";

/** How long ago an ISO 8601 time was. @param nowMs milliseconds since the epoch */
export function ageOf(time: string, nowMs: number): string {
  return age((nowMs - Date.parse(time)) / 1_000);
}

/** A time of day as the log has it, to the second: `2026-11-30T10:22:34Z`. */
export function toSeconds(time: string): string {
  return time.replace(/\.\d+Z$/, "Z");
}
