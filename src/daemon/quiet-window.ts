import type { Clock } from "../base/clock.ts";
import { createDeferred } from "../base/deferred.ts";

export interface QuietWindowOptions {
  readonly clock: Clock;
  /** Read at each use, so that a reload of the settings counts. */
  timing(): { readonly quietMs: number; readonly maxDelayMs: number };
}

/**
 * How long after a file the next one may follow, in milliseconds. Each makes Traefik build all routers anew: 3.6.12 takes
 * some 60 ms for a hundred of them and 360 ms for 5,000. A burst that never ends may take a third of its time, not all.
 */
export function distanceMs(routers: number): number {
  return routers * MS_PER_ROUTER;
}

const MS_PER_ROUTER = 0.2;

/**
 * Decides when to look again. The first change after quiet counts at once; while changes keep coming they are gathered
 * until nothing has come for `quietMs`, or for `maxDelayMs` at most. Files of many routers keep their distance besides.
 */
export interface QuietWindow {
  /** Something changed. It carries no data: the pass reads everything. */
  changed(): void;
  /** Asks for a look at this time even if nothing changes; undefined takes that back. */
  lookAgainAt(timeMs: number | undefined): void;
  /** A file with so many routers was published: what follows soon is the same burst. */
  published(routers: number): void;
  /** Resolves when it is time to look, with the time of the first change that led to it; or when aborted. */
  next(signal: AbortSignal): Promise<{ readonly sinceMs: number }>;
}

export function createQuietWindow({ clock, timing }: QuietWindowOptions): QuietWindow {
  let firstChangeAtMs: number | undefined;
  let lastChangeAtMs = 0;
  let publishedAtMs = Number.NEGATIVE_INFINITY;
  let nextFileAtMs = Number.NEGATIVE_INFINITY;
  let lookAgainAtMs = Number.POSITIVE_INFINITY;
  let woken = createDeferred();

  function dueAtMs(): number {
    if (firstChangeAtMs === undefined) return lookAgainAtMs;
    const { quietMs, maxDelayMs } = timing();
    const isFirst = firstChangeAtMs - publishedAtMs >= quietMs;
    const gatheredAtMs = isFirst ? firstChangeAtMs : Math.min(lastChangeAtMs + quietMs, firstChangeAtMs + maxDelayMs);
    return Math.min(Math.max(gatheredAtMs, nextFileAtMs), lookAgainAtMs);
  }

  return {
    changed() {
      lastChangeAtMs = clock.nowMs();
      firstChangeAtMs ??= lastChangeAtMs;
      woken.resolve();
    },
    lookAgainAt(timeMs) {
      lookAgainAtMs = timeMs ?? Number.POSITIVE_INFINITY;
      woken.resolve();
    },
    published(routers) {
      publishedAtMs = clock.nowMs();
      nextFileAtMs = publishedAtMs + distanceMs(routers);
    },
    async next(signal) {
      while (!signal.aborted) {
        woken = createDeferred();
        const waitMs = dueAtMs() - clock.nowMs();
        if (waitMs <= 0) break;
        await sleepUntilWoken(clock, waitMs, woken.promise, signal);
      }
      const sinceMs = firstChangeAtMs ?? clock.nowMs();
      firstChangeAtMs = undefined;
      lookAgainAtMs = Number.POSITIVE_INFINITY;
      return { sinceMs };
    },
  };
}

/** The longest timer Node can set; waiting is merely renewed after it. */
const LONGEST_MS = 2 ** 31 - 1;

async function sleepUntilWoken(clock: Clock, waitMs: number, woken: Promise<void>, signal: AbortSignal): Promise<void> {
  const enough = new AbortController();
  const sleeping = clock.sleep(Math.min(waitMs, LONGEST_MS), AbortSignal.any([signal, enough.signal]));
  await Promise.race([sleeping, woken]);
  enough.abort();
}
