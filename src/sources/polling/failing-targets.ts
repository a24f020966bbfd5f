/** A trouble that goes on is reported again after this long, then after twice as long each time, … */
const REMIND_AFTER_MS = 60_000;
/** … but at least this often. One that comes and goes is reported once within the first distance. */
const REMIND_AT_LEAST_MS = 3_600_000;

/** Which queries fail at the moment, so that an outage of sixty queries is reported as one. */
export interface FailingTargets {
  readonly consecutiveFailures: number;
  /** When the first of them was; undefined while none fails. */
  readonly sinceMs: number | undefined;
  /** Returns the trouble so far if this failure is worth reporting: one of a new kind, or a reminder. */
  failed(target: string, code: string, nowMs: number): Trouble | undefined;
  /** Returns what ended if this success ends a trouble that was reported. */
  succeeded(target: string, nowMs: number): Trouble | undefined;
  /** No query of before goes on: the same as if each of them had succeeded. */
  forget(nowMs: number): Trouble | undefined;
}

/** Requests that have failed since one of them last succeeded, and since when. */
export interface Trouble {
  readonly failures: number;
  readonly forMs: number;
}

export function createFailingTargets(): FailingTargets {
  const failing = new Set<string>();
  const reported = new Map<string, { readonly atMs: number; readonly distanceMs: number }>();
  let failures = 0;
  let sinceMs = 0;
  let isReported = false;

  function end(nowMs: number): Trouble | undefined {
    const ended = isReported ? { failures, forMs: nowMs - sinceMs } : undefined;
    failures = 0;
    isReported = false;
    return ended;
  }

  /** How long after the last report of a kind the next one may follow: it grows while the same trouble goes on. */
  function distanceMs(last: { readonly atMs: number; readonly distanceMs: number }): number {
    return last.atMs >= sinceMs ? last.distanceMs : REMIND_AFTER_MS;
  }

  return {
    get consecutiveFailures() {
      return failures;
    },
    get sinceMs() {
      return failures === 0 ? undefined : sinceMs;
    },
    failed(target, code, nowMs) {
      if (failures === 0) sinceMs = nowMs;
      failing.add(target);
      failures += 1;
      const last = reported.get(code);
      if (last !== undefined && nowMs - last.atMs < distanceMs(last)) return undefined;
      const isReminder = last !== undefined && last.atMs >= sinceMs;
      reported.set(code, {
        atMs: nowMs,
        distanceMs: isReminder ? Math.min(2 * last.distanceMs, REMIND_AT_LEAST_MS) : REMIND_AFTER_MS,
      });
      isReported = true;
      return { failures, forMs: nowMs - sinceMs };
    },
    succeeded(target, nowMs) {
      return failing.delete(target) && failing.size === 0 ? end(nowMs) : undefined;
    },
    forget(nowMs) {
      failing.clear();
      return end(nowMs);
    },
  };
}
