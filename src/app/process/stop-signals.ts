/** Aborted by the first SIGTERM or SIGINT; a second one ends the process the hard way, should stopping ever hang. */
export function stopOnSignals(): AbortSignal {
  const stop = new AbortController();
  process.once("SIGTERM", () => stop.abort());
  process.once("SIGINT", () => stop.abort());
  return stop.signal;
}
