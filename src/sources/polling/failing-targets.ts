/** The same kind of failure is reported again only after this long, however often it comes and goes meanwhile. */
const REMIND_AFTER_MS = 60_000;

/** Which queries fail at the moment, so that an outage of sixty queries is reported as one. */
export interface FailingTargets {
  readonly consecutiveFailures: number;
  /** Returns whether this failure is worth reporting: one of a new kind, or a reminder. */
  failed(target: string, code: string, nowMs: number): boolean;
  /** Returns what ended if this success ends a trouble that was reported. */
  succeeded(target: string, nowMs: number): EndedTrouble | undefined;
  /** No query of before goes on: the same as if each of them had succeeded. */
  forget(nowMs: number): EndedTrouble | undefined;
}

export interface EndedTrouble {
  readonly failures: number;
  readonly forMs: number;
}

export function createFailingTargets(): FailingTargets {
  const failing = new Set<string>();
  const reportedAtMs = new Map<string, number>();
  let failures = 0;
  let sinceMs = 0;
  let isReported = false;

  function end(nowMs: number): EndedTrouble | undefined {
    const ended = isReported ? { failures, forMs: nowMs - sinceMs } : undefined;
    failures = 0;
    isReported = false;
    return ended;
  }

  return {
    get consecutiveFailures() {
      return failures;
    },
    failed(target, code, nowMs) {
      if (failures === 0) sinceMs = nowMs;
      failing.add(target);
      failures += 1;
      const lastMs = reportedAtMs.get(code);
      if (lastMs !== undefined && nowMs - lastMs < REMIND_AFTER_MS) return false;
      reportedAtMs.set(code, nowMs);
      isReported = true;
      return true;
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
