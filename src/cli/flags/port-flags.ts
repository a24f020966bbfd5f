import { DOCUMENT_PARTS } from "../../core/ports/documents/document-parts.ts";
import type { Flag } from "../command-line/command-line.ts";
import { SETTINGS_FLAGS } from "../command-line/flags.ts";

/** Flags of commands that compare the ledger with the catalog, or with what Nomad says of its ports. */
export const SURVEY_FLAGS: readonly Flag[] = [
  ...SETTINGS_FLAGS.filter(({ name }) => name === "settings"),
  { name: "format", value: "FORMAT", values: ["table", "json"], help: "(default table)" },
  ...SETTINGS_FLAGS.filter(({ name }) => name === "consul-addr" || name === "nomad-addr"),
  {
    name: "observed",
    value: "FILE",
    help: "kubectl get svc -A -o json, beside the catalog; - is standard input",
  },
];

export const DOCUMENT_FORMATS = ["table", "json", "markdown", "csv"] as const;

/** Flags of commands whose answer may be kept as a document, in place of those of the same name that others have. */
export const DOCUMENT_FLAGS: readonly Flag[] = [
  { name: "format", value: "FORMAT", values: DOCUMENT_FORMATS, help: "(default table; with --check markdown)" },
  {
    name: "check",
    value: "FILE",
    help: "compare FILE with what would be printed: the lines that differ, and 1 where it is out of date",
  },
];

export const PART_FLAG: Flag = {
  name: "part",
  value: "PART",
  values: DOCUMENT_PARTS,
  help: "this part of the Markdown document alone",
};

/** Why a port is wanted: the branches of the question "does it need a certain port?". */
export const PURPOSES = ["users", "protocol", "legacy"] as const;

export type Purpose = (typeof PURPOSES)[number];
