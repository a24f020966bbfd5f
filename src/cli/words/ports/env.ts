import type { Command } from "../../command-line/command-line.ts";
import { SETTINGS_FLAG } from "../../command-line/flags.ts";

export const envCommand: Command = {
  name: "env",
  summary: "print variables with the ports and end points of a service",
  help: [
    "By the ledger alone: the declared ports of the service, and where it finds the services whose clients it is. Name several",
    "services, where one process runs them. A dynamic port is none of them: Nomad tells it to the task (NOMAD_PORT_LABEL).",
  ].join("\n"),
  operands: "SERVICE…",
  flags: [
    SETTINGS_FLAG,
    {
      name: "format",
      value: "FORMAT",
      values: ["shell", "nomad", "json"],
      help: "(default shell: KEY=value; nomad: an env block of a job)",
    },
  ],
  exitCodes: {
    0: "printed",
    1: "the ledger says nothing of the service, or gives one name two values",
    78: "bad settings or ledger",
  },
  run: async (flags, operands) => (await import("../../commands/ports/env.ts")).run(flags, operands),
};
