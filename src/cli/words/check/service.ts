import type { Command } from "../../command-line/command-line.ts";
import { CHECK_EXIT_CODES } from "../../flags/check-flags.ts";
import { JUDGE_FLAGS } from "../../flags/judge-flags.ts";

export const checkServiceCommand: Command = {
  name: "check service",
  summary: "say what a service definition of Consul's would be routed as, or what is wrong with it",
  help: [
    'Reads JSON as `consul services register` and the HTTP API take it ({"service": {…}}, {"services": […]}, {"Name": …}),',
    "and judges it as one healthy instance of each service. Reads no catalog and registers nothing. HCL is not read.",
  ].join("\n"),
  operands: "FILE|-",
  flags: JUDGE_FLAGS,
  exitCodes: { ...CHECK_EXIT_CODES, 78: "the settings to judge by cannot be used" },
  run: async (flags, operands) => (await import("../../commands/check/instances/service.ts")).run(flags, operands),
};
