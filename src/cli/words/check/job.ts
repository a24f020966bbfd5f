import type { Command } from "../../command-line/command-line.ts";
import { CHECK_EXIT_CODES } from "../../flags/check-flags.ts";
import { JUDGE_FLAGS } from "../../flags/judge-flags.ts";

export const checkJobCommand: Command = {
  name: "check job",
  summary: "say what would be routed of a job of Nomad's, and what would go wrong",
  help: [
    "Judges each service of the job as check service does, beside what the catalogs hold now, and its static ports, checks,",
    "identities and the way it is deployed. Reads the JSON of `nomad job run -output` and `nomad job inspect`; HCL is read by",
    "the Nomad that is named. What does not answer is told and left out; nothing is registered.",
    "",
    "  nomad job run -output web.nomad.hcl | portolan check job -",
  ].join("\n"),
  operands: "FILE|-",
  flags: [
    ...JUDGE_FLAGS.slice(0, -1),
    { name: "nomad-addr", value: "URL", help: "the Nomad that reads HCL (default: the settings', NOMAD_ADDR)" },
    ...JUDGE_FLAGS.slice(-1),
  ],
  exitCodes: {
    ...CHECK_EXIT_CODES,
    69: "the Nomad that should read HCL does not answer",
    78: "the settings to judge by cannot be used",
  },
  run: async (flags, operands) => (await import("../../commands/check/job/job.ts")).run(flags, operands),
};
