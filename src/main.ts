#!/usr/bin/env -S node --max-semi-space-size=4
import { setFlagsFromString } from "node:v8";
import { AppError, EXIT_CODES } from "./base/errors.ts";
import { printableLines } from "./base/printable.ts";
import { parseCommandLine } from "./cli/command-line/command-line.ts";
import { COMMANDS } from "./cli/command-table.ts";

/** The only place that ends the process: argv → command → exit code. A user never sees a stack trace for a mistake of his own. */
async function main(): Promise<number> {
  const invocation = parseCommandLine(process.argv.slice(2), COMMANDS);
  if (invocation.kind === "help") {
    process.stdout.write(invocation.text);
    return EXIT_CODES.ok;
  }
  return await invocation.command.run(invocation.flags, invocation.operands);
}

function fail(error: unknown): void {
  if (error instanceof AppError) {
    process.stderr.write(`portolan: ${printableLines(error.message)}\n`);
    process.exit(error.exitCode);
  }
  const cache = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `portolan: this is a defect of portolan, please report it; the chart stays as it is\n${printableLines(cache)}\n`,
  );
  process.exit(EXIT_CODES.internal);
}

// V8 would let garbage grow to as much as there is of use before it looks; a daemon has time to look more often.
setFlagsFromString("--heap-growing-percent=60");
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
main().then((code) => process.exit(code), fail);
