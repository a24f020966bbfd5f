import { SEVERITIES } from "../../../api/resources/words.ts";
import type { Command } from "../../command-line/command-line.ts";
import { DAEMON_EXIT_CODES, DAEMON_FLAGS } from "../../flags/daemon-flags.ts";

export const diagnosticsCommand: Command = {
  name: "diagnostics",
  summary: "list what is wrong with services, with the remedies",
  help: [
    "Errors first: each keeps a router, service or instance from being published. The first hundred are printed, and how many",
    "there are; name a code, a service or a severity for fewer. docs/diagnostics.md says what each code means.",
  ].join("\n"),
  flags: [
    { name: "code", value: "CODE", help: "those with this code" },
    { name: "service", value: "SERVICE", help: "those about this service" },
    { name: "severity", value: "SEVERITY", values: SEVERITIES, help: "" },
    { name: "chart", value: "NAME", help: "those of this chart: main, or an edge's name" },
    ...DAEMON_FLAGS,
  ],
  exitCodes: DAEMON_EXIT_CODES,
  run: async (flags) => (await import("../../commands/reading/diagnostics.ts")).run(flags),
};
