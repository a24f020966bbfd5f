/** A time, in milliseconds since the epoch, for people: ISO 8601 to the second, `2026-11-30T10:22:34Z`. */
export function isoSeconds(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d+Z$/, "Z");
}
