import { writeNewFile } from "../../app/process/new-file.ts";
import { makeSupportBundle } from "../../app/support-bundle/support-bundle.ts";
import { EXIT_CODES } from "../../base/errors.ts";
import { printableLines } from "../../base/printable.ts";
import { type FlagValues, usageError } from "../command-line/command-line.ts";

const DEFAULT_FILE = "portolan-support.json";

/** Does what `supportBundleCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues, [file = DEFAULT_FILE, ...others]: readonly string[]): Promise<number> {
  if (others.length > 0) throw usageError("support-bundle: name one file, for example portolan-support.json");
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
}
