#!/usr/bin/env -S node --max-semi-space-size=4
import { setFlagsFromString } from "node:v8";
import { AppError, EXIT_CODES } from "./base/errors.ts";
import { printableLines } from "./base/printable.ts";
import { parseCommandLine } from "./cli/command-line/command-line.ts";
import { COMMANDS } from "./cli/command-table.ts";

/** The only place that ends the process: command line → command → exit code. A stack trace shows for defects only, never for a user's mistake. */
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
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `portolan: this is a defect of portolan, please report it; the chart stays as it is\n${printableLines(trace)}\n`,
  );
  process.exit(EXIT_CODES.internal);
}

// By default V8 lets garbage grow to the size of the live heap before it collects; a daemon has time to collect more often.
setFlagsFromString("--heap-growing-percent=60");
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
main().then((code) => process.exit(code), fail);
