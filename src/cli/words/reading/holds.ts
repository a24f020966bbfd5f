import type { Command } from "../../command-line/command-line.ts";
import { DAEMON_FLAGS } from "../../flags/daemon-flags.ts";

export const holdsCommand: Command = {
  name: "holds",
  summary: "list what is held, why, and what ends that",
  help: [
    "A held router stays published with the servers it had although no instance asks for it: portolan doubts what the catalog",
    "says. portolan release ends holds by hand, portolan release ROUTER for single routers.",
  ].join("\n"),
  flags: DAEMON_FLAGS,
  exitCodes: { 0: "done", 69: "no portolan answers there", 78: "bad settings" },
  run: async (flags) => (await import("../../commands/reading/holds.ts")).run(flags),
};
