const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
  ["s", 1],
] as const;

/** A span of seconds in one number that a person compares: `12s`, `5m`, `3h`, `2d`. */
export function age(seconds: number): string {
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? ["s", 1];
  return `${Math.max(0, Math.floor(seconds / size))}${unit}`;
}

/** How long ago an ISO 8601 time was. @param nowMs milliseconds since the epoch */
export function ageOf(time: string, nowMs: number): string {
  return age((nowMs - Date.parse(time)) / 1_000);
}

/** A time of day as the log has it, to the second: `2026-11-30T10:22:34Z`. */
export function toSeconds(time: string): string {
  return time.replace(/\.\d+Z$/, "Z");
}
