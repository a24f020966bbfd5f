const REMIND_AFTER_MS = 300_000;

/** Which queries fail at the moment, so that an outage of sixty queries is told as one. */
export interface FailingTargets {
  readonly consecutiveFailures: number;
  /** Returns whether this failure is worth telling: the first, one of a new kind, or a reminder. */
  failed(target: string, code: string, nowMs: number): boolean;
  /** Returns what ended if this success ends the trouble. */
  succeeded(target: string, nowMs: number): { readonly failures: number; readonly forMs: number } | undefined;
}

export function createFailingTargets(): FailingTargets {
  const failing = new Set<string>();
  const told = new Set<string>();
  let failures = 0;
  let sinceMs = 0;
  let toldAtMs = 0;
  return {
    get consecutiveFailures() {
      return failures;
    },
    failed(target, code, nowMs) {
      if (failures === 0) sinceMs = nowMs;
      failing.add(target);
      failures += 1;
      if (told.has(code) && nowMs - toldAtMs < REMIND_AFTER_MS) return false;
      told.add(code);
      toldAtMs = nowMs;
      return true;
    },
    succeeded(target, nowMs) {
      if (!failing.delete(target) || failing.size > 0) return undefined;
      const ended = { failures, forMs: nowMs - sinceMs };
      failures = 0;
      told.clear();
      return ended;
    },
  };
}
