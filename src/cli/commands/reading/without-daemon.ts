import { AppError } from "../../../base/errors.ts";
import { printable } from "../../../base/printable.ts";
import type { Settings } from "../../../config/files/schema.ts";
import { findSettingsFile } from "../../../config/files/settings-file.ts";
import type { FlagValues } from "../../command-line/command-line.ts";
import { OF_THE_CATALOG } from "../../flags/daemon-flags.ts";

/**
 * What the portolan that runs answers, else what is found without one, by the settings. Throws what `ofDaemon` does, also that
 * none runs, where there are no settings: which catalog would be read, and by which rules, is not known then.
 */
export async function ofDaemonElse<Answer>(
  flags: FlagValues,
  ofDaemon: () => Promise<Answer>,
  withoutDaemon: (settings: Settings, away: AppError) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ofDaemon();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "E_DAEMON_AWAY") throw error;
    const isAnyNamed = OF_THE_CATALOG.some((name) => flags[name] !== undefined);
    if (!isAnyNamed && (await findSettingsFile(flags, process.env)) === undefined) throw error;
    const { loadSettings } = await import("../../../config/load.ts");
    return await withoutDaemon(await loadSettings(flags, process.env), error);
  }
}

/** Tells beside an answer how it came about. */
export function say(line: string): void {
  process.stderr.write(`portolan: ${printable(line)}\n`);
}
