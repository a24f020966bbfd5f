import { CATALOG_SECTIONS } from "../../../config/resolve/choose-catalog.ts";
import type { Command } from "../../command-line/command-line.ts";
import { CHECK_EXIT_CODES } from "../../flags/check-flags.ts";
import { JUDGE_FLAGS } from "../../flags/judge-flags.ts";

export const checkTagsCommand: Command = {
  name: "check tags",
  summary: "say what tags mean, or what is wrong with them",
  help: [
    "Translates the tags as those of one healthy instance and prints what the chart would say, or each mistake with a",
    "caret under the spot. With - the tags are the lines of standard input. Reads no catalog, asks no Nomad for its ports.",
  ].join("\n"),
  operands: "TAG …|-",
  flags: [
    ...JUDGE_FLAGS,
    { name: "service", value: "NAME", help: "the service's name in the catalog (default app)" },
    { name: "port", value: "PORT", help: "the instance's port (default: the first dynamic one)" },
    { name: "node", value: "NAME", help: "the node it would be on, at the address that the ledger has of it" },
    { name: "address", value: "IP", help: "the instance's address (default: one that the policy allows)" },
    {
      name: "registry",
      value: "NAME",
      values: CATALOG_SECTIONS,
      help: "(default consul): they read tags slightly differently",
    },
  ],
  exitCodes: { ...CHECK_EXIT_CODES, 78: "the settings to judge by cannot be used" },
  run: async (flags, operands) => (await import("../../commands/check/instances/tags.ts")).run(flags, operands),
};
