import { withDeadline as endWithin } from "../../base/deadline.ts";
import { ABANDONED } from "../catalog/catalog-client.ts";
import { CatalogError } from "../catalog/catalog-error.ts";

/** Consul and Nomad hold a blocking query up to a sixteenth longer than its `wait`; the margin is for their own retries. */
const HELD_LONGER = 17 / 16;
const MARGIN_MS = 10_000;

/** How long an answer may take: one that blocks for `waitMs`, or, without it, one that does not block. */
export function deadlineMs(waitMs = 0): number {
  return MARGIN_MS + waitMs * HELD_LONGER;
}

/** A request to a catalog that must end within `ms`, or with the caller's signal. Throws E_CATALOG_TIMEOUT when the time is up. */
export function withDeadline<T>(
  ms: number,
  signal: AbortSignal,
  request: (ending: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = () => new CatalogError("E_CATALOG_TIMEOUT", "no answer before the deadline");
  return endWithin(ms, signal, request, late);
}

/**
 * The same for a long poll on a connection of its own. Where the signal is aborted because no caller waits for the poll any
 * more (ABANDONED), it is left to its end, and what it brings is dropped by the caller.
 */
export function withDeadlineOrLeft<T>(
  ms: number,
  signal: AbortSignal,
  request: (ending: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  const stop = (): void => {
    if (signal.reason !== ABANDONED) ending.abort();
  };
  signal.addEventListener("abort", stop, { once: true });
  return withDeadline(ms, ending.signal, request).finally(() => signal.removeEventListener("abort", stop));
}
