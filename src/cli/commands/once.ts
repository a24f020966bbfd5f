import type { App } from "../../app/app.ts";
import type { OpenedCatalog } from "../../app/catalogs/watched.ts";
import { systemClock } from "../../base/clock.ts";
import { AppError, EXIT_CODES } from "../../base/errors.ts";
import type { FlagValues } from "../command-line/command-line.ts";
import { CONFIRM_FLAG } from "../command-line/flags.ts";

/** How long the catalog may take to answer completely, and to confirm a removal. */
const PATIENCE_MS = 60_000;

/** Does what `onceCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues): Promise<number> {
  // Without settings to run by, none of the rest is loaded.
  const { loadSettings } = await import("../../config/load.ts");
  const settings = await loadSettings(flags, process.env);
  const [{ openLog }, { stopOnSignals }, { openApp }] = await Promise.all([
    import("../../app/process/logging.ts"),
    import("../../app/process/stop-signals.ts"),
    import("../../app/app.ts"),
  ]);
  const app = await openApp(settings, openLog(settings.log), flags[CONFIRM_FLAG.name] !== undefined);
  const stop = stopOnSignals();
  const patience = AbortSignal.any([stop, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    return await chartOnce(app, patience, stop);
  } finally {
    for (const edge of app.edges) await edge.releaseChart();
    await app.close();
  }
}

async function chartOnce(
  { edges, catalogs, allocations }: App,
  patience: AbortSignal,
  stop: AbortSignal,
): Promise<number> {
  for (const edge of edges) await edge.takeChart();
  const watching = new AbortController();
  const signal = AbortSignal.any([patience, watching.signal]);
  const watches = [...catalogs.map(({ source }) => source.run(signal)), allocations?.run(signal)];
  const unread = () => catalogs.filter(({ source }) => source.snapshot() === undefined);
  let isCharted = false;
  let isHeld = false;
  try {
    while (!patience.aborted) {
      if (unread().length < catalogs.length) {
        isHeld = false;
        for (const { daemon } of edges) {
          const decision = await daemon.pass(systemClock.nowMs(), patience);
          isCharted ||= decision !== undefined;
          isHeld ||= (decision?.memory.removals.holds.length ?? 0) > 0;
          if (daemon.rollback() !== undefined) return EXIT_CODES.held;
        }
        if (!isHeld && unread().length === 0) return EXIT_CODES.ok;
      }
      await systemClock.sleep(50, patience);
    }
    if (unread().length === 0) return EXIT_CODES.held;
    throw unreadable(unread(), isCharted, stop.aborted);
  } finally {
    watching.abort();
    await Promise.all(watches);
  }
}

function unreadable(catalogs: readonly OpenedCatalog[], isCharted: boolean, isStopped: boolean): AppError {
  const names = catalogs.map(({ name }) => (name === undefined ? "the catalog" : `catalog ${name}`)).join(", ");
  const reasons = catalogs.map(({ source }) => source.state().lastError?.message ?? "no complete answer").join("; ");
  const effect = isCharted ? "the chart has the news of the others" : "nothing was written";
  const until = isStopped ? "before a signal ended it" : `within ${PATIENCE_MS / 1000} s`;
  return new AppError(`${names} could not be read ${until}: ${reasons}; ${effect}`, {
    code: "E_CATALOG_UNAVAILABLE",
    retryable: true,
    exitCode: EXIT_CODES.unavailable,
  });
}
