import type { CatalogError } from "../catalog/catalog-error.ts";

const FIRST_MS = 100;
/** News must get through within 2 s of the end of an outage, so the pause between two tries stays below 1 s. */
const CAP_MS = 1_000;
/** Shorter than the silence after which any catalog counts as away: no answer may keep the chart from the news for hours. */
const BUSY_CAP_MS = 60_000;

/**
 * The pause before the next try, in milliseconds. Retries never end: exponential with full jitter, at most 1 s, or what
 * the catalog asked for (429 with Retry-After, a minute at most), spread so that a fleet does not return in step.
 *
 * @param failures how many tries in a row have failed, at least 1
 * @param random a number in [0, 1)
 */
export function retryDelayMs(error: CatalogError, failures: number, random: number): number {
  if (error.retryAfterMs !== undefined) return Math.min(error.retryAfterMs, BUSY_CAP_MS) * (1 + random / 10);
  return fullJitterMs({ firstMs: FIRST_MS, capMs: CAP_MS }, failures, random);
}

/** A pause at random between a tenth of a ceiling and all of it. The ceiling doubles with each failure, up to a cap. */
export function fullJitterMs(
  { firstMs, capMs }: { readonly firstMs: number; readonly capMs: number },
  failures: number,
  random: number,
): number {
  return Math.min(capMs, firstMs * 2 ** Math.min(failures, 10)) * (0.1 + 0.9 * random);
}
