import type { Clock } from "../base/clock.ts";
import { createDeferred } from "../base/deferred.ts";
import { createFileDistance } from "./file-distance.ts";

export interface QuietWindowOptions {
  readonly clock: Clock;
  /** Read at each use, so that a reload of the settings counts. */
  timing(): { readonly quietMs: number; readonly maxDelayMs: number };
}

/**
 * Asks Traefik whether it has the file that was published last; undefined where that cannot be told. Must not reject. A question that
 * is aborted may be answered by anything.
 */
export type AskIfTaken = (signal: AbortSignal) => Promise<boolean | undefined>;

/**
 * Decides when to look again. The first change after quiet counts at once; while changes keep coming they are gathered
 * until nothing has come for `quietMs`, or for `maxDelayMs` at most. Files keep their distance besides.
 */
export interface QuietWindow {
  /** Something changed. It carries no data: the pass reads everything. */
  changed(): void;
  /** Asks for a look at this time even if nothing changes; undefined takes that back. */
  lookAgainAt(timeMs: number | undefined): void;
  /** A file with so many routers was published: what follows soon is the same burst. */
  published(routers: number): void;
  /** From now on Traefik is asked for its files, while changes wait for it to take one. */
  asks(ask: AskIfTaken): void;
  /** Resolves when it is time to look, with the time of the first change that led to it; or when aborted. */
  next(signal: AbortSignal): Promise<{ readonly sinceMs: number }>;
}

export function createQuietWindow({ clock, timing }: QuietWindowOptions): QuietWindow {
  let firstChangeAtMs: number | undefined;
  let lastChangeAtMs = 0;
  let publishedAtMs = Number.NEGATIVE_INFINITY;
  const distance = createFileDistance();
  let ask: AskIfTaken | undefined;
  let lookAgainAtMs = Number.POSITIVE_INFINITY;
  let isAsking = false;
  let woken = createDeferred();

  function dueAtMs(): number {
    if (firstChangeAtMs === undefined) return lookAgainAtMs;
    const { quietMs, maxDelayMs } = timing();
    const isFirst = firstChangeAtMs - publishedAtMs >= quietMs;
    const gatheredAtMs = isFirst ? firstChangeAtMs : Math.min(lastChangeAtMs + quietMs, firstChangeAtMs + maxDelayMs);
    return Math.min(Math.max(gatheredAtMs, distance.nextFileAtMs()), lookAgainAtMs);
  }

  /** One question at a time, and none while nothing waits for its answer. */
  function askAtMs(): number {
    const isAwaited = ask !== undefined && !isAsking && firstChangeAtMs !== undefined;
    return isAwaited ? distance.askAtMs() : Number.POSITIVE_INFINITY;
  }

  async function askIfTaken(signal: AbortSignal): Promise<void> {
    isAsking = true;
    const isTaken = await ask?.(signal);
    isAsking = false;
    if (!signal.aborted) distance.told(isTaken, clock.nowMs());
    woken.resolve();
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
      distance.published(routers, publishedAtMs);
    },
    asks(asking) {
      ask = asking;
    },
    async next(signal) {
      const waiting = new AbortController();
      while (!signal.aborted) {
        woken = createDeferred();
        const waitMs = dueAtMs() - clock.nowMs();
        if (waitMs <= 0) break;
        const untilAskingMs = askAtMs() - clock.nowMs();
        if (untilAskingMs <= 0) void askIfTaken(AbortSignal.any([signal, waiting.signal]));
        else await sleepUntilWoken(clock, Math.min(waitMs, untilAskingMs), woken.promise, signal);
      }
      // With a reason, as below.
      waiting.abort("due");
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
  // With a reason, since an error would be made in its place, with its stack.
  enough.abort("woken");
}
