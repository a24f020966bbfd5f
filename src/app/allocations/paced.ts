/** So much of its time a process may spend on it … */
const SHARE = 0.2;
/** … once it has spent this more, in milliseconds: a few changes are looked at without a pause. */
const FREE_MS = 250;

/**
 * Runs `work` soon, once however often it is asked for meanwhile. What takes long where there is much of it, and is asked for
 * by each of a thousand answers, is done with pauses: a fifth of the time at most goes into it.
 *
 * @param nowMs default: the process's own time
 */
export function paced(work: () => void, nowMs: () => number = () => performance.now()): () => void {
  let isDue = false;
  let spentMs = 0;
  let spentAtMs = nowMs();

  function settle(): void {
    const now = nowMs();
    spentMs = Math.max(0, spentMs - (now - spentAtMs) * SHARE);
    spentAtMs = now;
  }

  function run(): void {
    isDue = false;
    const beganAtMs = nowMs();
    work();
    settle();
    spentMs += nowMs() - beganAtMs;
  }

  return () => {
    if (isDue) return;
    isDue = true;
    settle();
    const pauseMs = (spentMs - FREE_MS) / SHARE;
    if (pauseMs <= 0) setImmediate(run);
    // It keeps no process from ending.
    else setTimeout(run, pauseMs).unref();
  };
}
