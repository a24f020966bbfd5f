import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { AppError, EXIT_CODES } from "./base/errors.ts";
import { printableLines } from "./base/printable.ts";
import { parseCommandLine } from "./cli/command-line/parse.ts";
import { COMMANDS } from "./cli/command-table.ts";

/** The only place that ends the process: command line → command → exit code. A stack trace shows for defects only, never for a user's mistake. */
async function main(): Promise<number> {
  const invocation = await parseCommandLine(process.argv.slice(2), COMMANDS);
  if (invocation.kind === "help") {
    process.stdout.write(invocation.text);
    return EXIT_CODES.ok;
  }
  return await invocation.command.run(invocation.flags, invocation.operands);
}

function fail(error: unknown): Promise<never> {
  if (error instanceof AppError) {
    process.stderr.write(`portolan: ${printableLines(error.message)}\n`);
    return exit(error.exitCode);
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `portolan: this is a defect of portolan, please report it; the chart stays as it is\n${printableLines(trace)}\n`,
  );
  return exit(EXIT_CODES.internal);
}

/** The system's files that are being opened or read. The end of a process waits for them, and a pipe may answer never. */
function isFileBusy(): boolean {
  return process.getActiveResourcesInfo().some((resource) => resource.startsWith("FSReq"));
}

const PATIENCE_MS = 2_000;

/** Until the reader has taken what was printed, or is gone: a pipe takes 64 KiB at once. The log is elsewhere and holds up nothing. */
async function isRead({ stdout }: Pick<NodeJS.Process, "stdout">): Promise<void> {
  if (stdout.writableLength === 0) return;
  await new Promise<void>((resolve) => {
    stdout.once("error", () => resolve());
    stdout.write("", () => resolve());
  });
}

/** Ends the process, whatever the file system does. */
async function exit(code: number): Promise<never> {
  await isRead(process);
  for (let waitedMs = 0; isFileBusy(); waitedMs += 20) {
    if (waitedMs >= PATIENCE_MS) process.kill(process.pid, "SIGKILL");
    await sleep(20);
  }
  process.exit(code);
}

// By default V8 lets garbage grow to the size of the live heap before it collects; a daemon has time to collect more often.
setFlagsFromString("--heap-growing-percent=60");
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
main().then(exit, fail);
