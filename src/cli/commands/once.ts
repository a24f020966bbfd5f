import { systemClock } from "../../clock.ts";
import { loadSettings } from "../../config/load.ts";
import { AppError, EXIT_CODES } from "../../errors.ts";
import { type Assembly, assemble } from "../assembly.ts";
import { SETTINGS_FLAGS } from "../flags.ts";
import { openLog } from "../logging.ts";
import type { Command } from "../program.ts";
import { stopOnSignals } from "../stop-signals.ts";

/** How long the catalog may take to answer completely, and to confirm a removal. */
const PATIENCE_MS = 60_000;

export const onceCommand: Command = {
  name: "once",
  summary: "read the catalog once, write the chart, and end",
  help: [
    "Reads the catalog completely and writes the chart, with the same guards as run: a removal that is held is confirmed by",
    "a second read before it is written. Exit codes: 0 the chart says what the catalog says; 69 the catalog did not answer",
    "within a minute, nothing was written; 75 a removal is still held; 73 the file could not be written; 78 bad settings.",
  ].join("\n"),
  flags: SETTINGS_FLAGS,
  async run(flags) {
    const settings = await loadSettings(flags, process.env);
    const assembly = await assemble(settings, openLog(settings.log));
    const patience = AbortSignal.any([stopOnSignals(), AbortSignal.timeout(PATIENCE_MS)]);
    try {
      return await chartOnce(assembly, patience);
    } finally {
      for (const edge of assembly.edges) await edge.releaseChart();
      await assembly.close();
    }
  },
};

async function chartOnce({ edges, source }: Assembly, patience: AbortSignal): Promise<number> {
  for (const edge of edges) await edge.takeChart();
  const watching = new AbortController();
  const watch = source.run(AbortSignal.any([patience, watching.signal]));
  try {
    let isHeld = false;
    while (!patience.aborted) {
      if (source.slice() !== undefined) {
        isHeld = false;
        for (const { daemon } of edges) {
          const decision = await daemon.pass(systemClock.nowMs(), patience);
          isHeld ||= decision?.memory.hold !== undefined;
        }
        if (!isHeld) return EXIT_CODES.ok;
      }
      await systemClock.sleep(50, patience);
    }
    if (isHeld) return EXIT_CODES.held;
    const reason = source.state().lastError?.message ?? "no complete answer";
    throw new AppError(`the catalog could not be read within ${PATIENCE_MS / 1000} s: ${reason}; nothing was written`, {
      code: "E_CATALOG_UNAVAILABLE",
      retryable: true,
      exitCode: EXIT_CODES.unavailable,
    });
  } finally {
    watching.abort();
    await watch;
  }
}
