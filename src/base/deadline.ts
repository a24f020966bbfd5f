/**
 * Runs a request that must end within `ms`, and ends it when the caller's signal is aborted. Throws what `late` makes when
 * the time is up, else what the request threw. Timer and listener are gone afterwards: signals live for days.
 */
export async function withDeadline<T>(
  ms: number,
  signal: AbortSignal,
  request: (ending: AbortSignal) => Promise<T>,
  late: () => Error,
): Promise<T> {
  const ending = new AbortController();
  const stop = (): void => ending.abort();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    stop();
  }, ms);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await request(ending.signal);
  } catch (error) {
    if (!isLate || signal.aborted) throw error;
    throw late();
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}
