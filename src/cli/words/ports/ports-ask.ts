import type { Command } from "../../command-line/command-line.ts";
import { PURPOSES, SURVEY_FLAGS } from "../../flags/port-flags.ts";

export const portsAskCommand: Command = {
  name: "ports ask",
  summary: "say whether a port is free, who has it, and what to do",
  help: [
    "For a service that needs a certain port: compares it with the ledger and the live catalog and says on its first line",
    "whether it is free, or who has it, on the node or on every node; then what that rests on, and what taking it asks for,",
    "with the entry for the ledger, ready to copy. With --for it follows the question why a port is needed, also without PORT.",
  ].join("\n"),
  operands: "[PORT[-PORT][/PROTOCOL]]",
  flags: [
    { name: "node", value: "NAME", help: "node where the port is wanted (default: every node)" },
    { name: "service", value: "NAME", help: "service that wants it: what is declared for it counts as free" },
    { name: "for", value: "PURPOSE", values: PURPOSES, help: "why it is wanted, and what to do then" },
    ...SURVEY_FLAGS,
  ],
  exitCodes: {
    0: "free on each node that was asked about, declared for --service, or asked without PORT",
    1: "anything else: taken, declared for another owner, the load balancer's, crowded in its group, or unsure",
    69: "the catalog or Nomad did not answer",
    78: "bad settings or ledger",
  },
  run: async (flags, operands) => (await import("../../commands/ports/ports-ask.ts")).run(flags, operands),
};
