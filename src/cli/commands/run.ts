import { openLog } from "../../app/process/logging.ts";
import { stopOnSignals } from "../../app/process/stop-signals.ts";
import { serve } from "../../app/serve.ts";
import { EXIT_CODES } from "../../base/errors.ts";
import { loadSettings } from "../../config/load.ts";
import type { FlagValues } from "../command-line/command-line.ts";
import { CONFIRM_FLAG } from "../command-line/flags.ts";

/** Does what `runCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues): Promise<number> {
  const settings = await loadSettings(flags, process.env);
  // A file that was there at the start counts as named from then on: its loss is a mistake, not a wish for other settings.
  const { settingsFile } = settings;
  const log = openLog(settings.log);
  await serve(settings, log, stopOnSignals(), {
    isConfirmed: flags[CONFIRM_FLAG.name] !== undefined,
    reload: () => loadSettings(flags, process.env, settingsFile),
  });
  return EXIT_CODES.ok;
}
