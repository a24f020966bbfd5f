/** So many events the daemon remembers. */
export const MOST_EVENTS = 500;

/** The daemon tells its uptime in seconds, and what it published first is of the same second. */
const ROUNDING_MS = 2_000;

/** Where the list of events ends, and why: nothing is hidden, but nothing older is known. */
export interface MemoryEnd {
  /** The time behind which all is here, in milliseconds since the epoch; undefined where not even that is known. */
  readonly sinceMs: number | undefined;
  readonly why: "most" | "start" | "before-start" | "unknown";
}

/**
 * @param events how many there are, and when the oldest was
 * @param startedMs when the daemon started, by the browser's clock
 */
export function memoryEnd(
  { events, oldestMs }: { readonly events: number; readonly oldestMs: number | undefined },
  startedMs: number | undefined,
): MemoryEnd {
  if (events >= MOST_EVENTS && oldestMs !== undefined) return { sinceMs: oldestMs, why: "most" };
  // The page was open when the daemon was started anew, which has forgotten what this page has seen.
  if (oldestMs !== undefined && startedMs !== undefined && oldestMs < startedMs - ROUNDING_MS) {
    return { sinceMs: oldestMs, why: "before-start" };
  }
  if (startedMs !== undefined) return { sinceMs: startedMs, why: "start" };
  return { sinceMs: undefined, why: "unknown" };
}
