import type { Command } from "../../command-line/command-line.ts";
import { DOCUMENT_FLAGS, PART_FLAG, SURVEY_FLAGS } from "../../flags/port-flags.ts";

export const ledgerCommand: Command = {
  name: "ledger",
  summary: "compare the ledger of declared ports with the catalog",
  help: [
    "Prints each entry with its status, who else holds its ports, where users reach it and what to look at; undeclared ports with",
    "the lines that declare them; the next free port of each group; and what Nomad must reserve. Writes no file.",
    "",
    "As Markdown or CSV it is a document to be kept: made of the ledger alone, so that it changes with nothing else.",
  ].join("\n"),
  flags: [
    ...SURVEY_FLAGS.filter(({ name }) => name !== "format"),
    { name: "strict", help: "end with 1 for undeclared ports, too" },
    ...DOCUMENT_FLAGS,
    PART_FLAG,
  ],
  exitCodes: {
    0: "every entry is Reserved or Active, the document was printed, or FILE is up to date",
    1: "an entry is Squatted or in Conflict, a port is undeclared (--strict), or FILE is out of date",
    69: "the catalog or Nomad did not answer",
    78: "bad settings or ledger",
  },
  run: async (flags) => (await import("../../commands/ports/ledger.ts")).run(flags),
};
