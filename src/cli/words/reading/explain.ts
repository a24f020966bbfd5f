import type { Command } from "../../command-line/command-line.ts";
import { SETTINGS_FLAGS } from "../../command-line/flags.ts";
import { DAEMON_FLAGS, OF_THE_CATALOG } from "../../flags/daemon-flags.ts";

export const explainCommand: Command = {
  name: "explain",
  summary: "say why something is routed, or why it is not, and what to do",
  help: [
    "SUBJECT is a service, a host, a URL, a router, a port or an allocation: whether it is routed, the first reason why not with",
    "its remedy, then its way from the registration to the route. With --legacy, of each fixed address in the snippets: who is",
    "registered there by now, and the next step. Secrets are not shown.",
    "",
    "Asked is the portolan that runs; where none does, what a pass would decide now, from the catalog.",
    "",
    "  portolan explain wiki",
    "  portolan explain --legacy",
  ].join("\n"),
  operands: "[SUBJECT]",
  flags: [
    { name: "legacy", help: "what is left to migrate of static entries" },
    ...DAEMON_FLAGS,
    ...SETTINGS_FLAGS.filter(({ name }) => OF_THE_CATALOG.includes(name)),
  ],
  exitCodes: {
    0: "requests reach it; --legacy: nothing is left",
    1: "they do not, or nothing of that name is known; --legacy: something is left",
    69: "neither a portolan nor a catalog answers",
    73: "without a portolan: chart or state may not be read",
    78: "bad settings",
  },
  run: async (flags, operands) => (await import("../../commands/reading/explain.ts")).run(flags, operands),
};
