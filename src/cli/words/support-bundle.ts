import type { Command } from "../command-line/command-line.ts";
import { SETTINGS_FLAGS } from "../command-line/flags.ts";

export const supportBundleCommand: Command = {
  name: "support-bundle",
  summary: "gather in one file what a maintainer needs, without secrets",
  help: [
    "One JSON file (default portolan-support.json; - is standard output) with version, platform, settings and where they come from, policy,",
    "ledger, snippets, charts, and of the portolan that runs status, routes, diagnostics, holds, history and metrics. Tokens, password hashes,",
    "keys and values of headers are masked; names of services, hosts and nodes, addresses and rules stay: look through it",
    "before you give it away. Log lines are not in it. What is missing, as where no portolan runs, is said.",
  ].join("\n"),
  operands: "[FILE]",
  flags: SETTINGS_FLAGS,
  exitCodes: {
    0: "written, maybe without the parts that it names",
    73: "the file cannot be written, or is there already",
  },
  run: async (flags, operands) => (await import("../commands/support-bundle.ts")).run(flags, operands),
};
