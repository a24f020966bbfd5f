import type { Command } from "../../command-line/command-line.ts";
import { DOCUMENT_FLAGS, SURVEY_FLAGS } from "../../flags/port-flags.ts";

export const portsCommand: Command = {
  name: "ports",
  summary: "list the ports that are registered or declared",
  help: [
    "Reads the ledger and the whole catalog, services without routes too, and prints a line for each port: node (* for all",
    "others), protocol (tcp? is a guess), owner, class, and how it stands: Reserved, Active, Squatted, Undeclared, Scheduled, Inside,",
    "Static (a snippet points there) or Conflict; then the dynamic range, and where it comes from. Writes no file.",
  ].join("\n"),
  flags: [...SURVEY_FLAGS.filter(({ name }) => name !== "format"), ...DOCUMENT_FLAGS],
  exitCodes: {
    0: "done, or FILE is up to date",
    1: "FILE is out of date",
    69: "the catalog or Nomad did not answer",
    78: "bad settings or ledger",
  },
  run: async (flags) => (await import("../../commands/ports/ports.ts")).run(flags),
};
