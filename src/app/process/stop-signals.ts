/** How long stopping may take: a write in hand is finished within it on any disk that works. */
const STOPPING_MS = 20_000;

/**
 * Aborted by the first SIGTERM or SIGINT; a second one ends the process the hard way. So does the time: should stopping hang,
 * for instance in a file system that does not answer, a supervisor need not kill. The exit itself would wait for such a call.
 */
export function stopOnSignals(): AbortSignal {
  const stop = new AbortController();
  function onSignal(): void {
    if (stop.signal.aborted) return;
    stop.abort();
    setTimeout(() => {
      process.stderr.write(`portolan: stopping takes more than ${STOPPING_MS / 1_000} s; killed\n`);
      process.kill(process.pid, "SIGKILL");
    }, STOPPING_MS).unref();
  }
  process.once("SIGTERM", onSignal);
  process.once("SIGINT", onSignal);
  return stop.signal;
}
