import type { Command } from "../../command-line/command-line.ts";
import { DAEMON_FLAGS } from "../../flags/daemon-flags.ts";

export const statusCommand: Command = {
  name: "status",
  summary: "say how it stands: ready or why not, sources, chart, holds",
  help: "One screen, for people; with --json all of it. What it counts is listed by portolan routes, holds and diagnostics.",
  flags: DAEMON_FLAGS,
  exitCodes: { 0: "ready", 1: "not ready", 69: "no portolan answers there", 78: "bad settings" },
  run: async (flags) => (await import("../../commands/reading/status.ts")).run(flags),
};
