import { setTimeout as sleep } from "node:timers/promises";

export interface UntilOptions {
  readonly timeoutMs: number;
  /** What is awaited, for the message: "the route to answer 200". */
  readonly what: string;
  readonly everyMs?: number;
}

/**
 * Polls until the condition returns something truthy, and returns that. A condition that throws counts as "not yet".
 * At the timeout it throws an error with what was awaited and what was last seen.
 */
export async function until<T>(condition: () => T | Promise<T>, options: UntilOptions): Promise<NonNullable<T>> {
  const { timeoutMs, what, everyMs = 10 } = options;
  const deadlineMs = performance.now() + timeoutMs;
  let seen = "";
  do {
    try {
      const value = await condition();
      if (value) return value;
      seen = `last seen: ${String(value)}`;
    } catch (error) {
      seen = `last error: ${String(error)}`;
    }
    await sleep(everyMs);
  } while (performance.now() < deadlineMs);
  throw new Error(`waited ${timeoutMs} ms in vain for ${what}; ${seen}`);
}
