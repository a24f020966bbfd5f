import { EXIT_CODES } from "../../base/errors.ts";
import type { Command } from "../command-line/command-line.ts";
import { CONFIRM_FLAG, SETTINGS_FLAGS } from "../command-line/flags.ts";

export const runCommand: Command = {
  name: "run",
  summary: "watch the catalog and keep the chart up to date",
  help: [
    "Reads the catalog completely, writes the chart, and follows every change until SIGTERM or SIGINT. A catalog that is",
    "away does not end it: the last good chart stays.",
    "SIGHUP reads the settings and snippets again, SIGUSR2 reads the whole catalog again.",
  ].join("\n"),
  flags: [...SETTINGS_FLAGS, CONFIRM_FLAG],
  exitCodes: {
    0: "ended by SIGTERM or SIGINT",
    69: "another process listens at --listen",
    78: "bad settings, or a chart that cannot reach Traefik",
  },
  async run(flags) {
    // Loaded to run, and not for the page of help: the whole daemon takes its time.
    const [{ openLog }, { stopOnSignals }, { serve }, { loadSettings }] = await Promise.all([
      import("../../app/process/logging.ts"),
      import("../../app/process/stop-signals.ts"),
      import("../../app/serve.ts"),
      import("../../config/load.ts"),
    ]);
    const settings = await loadSettings(flags, process.env);
    // A file that was there at the start counts as named from then on: its loss is a mistake, not a wish for other settings.
    const { settingsFile } = settings;
    const log = openLog(settings.log);
    await serve(settings, log, stopOnSignals(), {
      isConfirmed: flags[CONFIRM_FLAG.name] !== undefined,
      reload: () => loadSettings(flags, process.env, settingsFile),
    });
    return EXIT_CODES.ok;
  },
};
