/** A time as the status shows it: ISO 8601, null where there is none. */
export function isoTime(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : new Date(timeMs).toISOString();
}

/** A span as the status shows it: in seconds, to a tenth. */
export function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
