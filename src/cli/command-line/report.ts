import { AppError, EXIT_CODES } from "../../base/errors.ts";
import { printableLines } from "../../base/printable.ts";

/**
 * Tells of what ended a command, on standard error, and says which exit code is its own. What is no AppError is a defect, and shows
 * its stack trace.
 */
export function report(error: unknown): number {
  if (error instanceof AppError) {
    process.stderr.write(`portolan: ${printableLines(error.message)}\n`);
    return error.exitCode;
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `portolan: this is a defect of portolan, please report it; the chart stays as it is\n${printableLines(trace)}\n`,
  );
  return EXIT_CODES.internal;
}
