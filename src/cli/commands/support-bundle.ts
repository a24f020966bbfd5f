import { writeNewFile } from "../../app/process/new-file.ts";
import { EXIT_CODES } from "../../base/errors.ts";
import { printableLines } from "../../base/printable.ts";
import { type Command, usageError } from "../command-line/command-line.ts";
import { SETTINGS_FLAGS } from "../command-line/flags.ts";

const DEFAULT_FILE = "portolan-support.json";

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
  async run(flags, [file = DEFAULT_FILE, ...others]) {
    if (others.length > 0) throw usageError("support-bundle: name one file, for example portolan-support.json");
    // Loaded to run, and not for the page of help.
    const { makeSupportBundle } = await import("../../app/support-bundle/support-bundle.ts");
    const { json, missing } = await makeSupportBundle(flags, process.env, Date.now());
    const told = missing.map((one) => `portolan: missing: ${printableLines(one)}\n`);
    if (file === "-") process.stdout.write(json);
    else {
      await writeNewFile(file, json, 0o600);
      told.push(
        `portolan: wrote ${printableLines(file)}; names, addresses and rules are in it: look through it before you give it away, and add the log\n`,
      );
    }
    process.stderr.write(told.join(""));
    return EXIT_CODES.ok;
  },
};
