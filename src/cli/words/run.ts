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
  run: async (flags) => (await import("../commands/run.ts")).run(flags),
};
