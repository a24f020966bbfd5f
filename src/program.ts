import { setTimeout as sleep } from "node:timers/promises";
import { AppError, EXIT_CODES } from "./base/errors.ts";
import { parseCommandLine } from "./cli/command-line/parse.ts";
import { report } from "./cli/command-line/report.ts";
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
  return exit(report(error));
}

/** The system's files that are being opened or read. The end of a process waits for them, and a pipe may answer never. */
function isFileBusy(): boolean {
  return process.getActiveResourcesInfo().some((resource) => resource.startsWith("FSReq"));
}

const PATIENCE_MS = 2_000;

/** Until the reader has taken what was printed, or it has failed: a pipe takes 64 KiB at once. The log is elsewhere and holds up nothing. */
async function isRead({ stdout }: Pick<NodeJS.Process, "stdout">): Promise<void> {
  await new Promise<void>((resolve) => stdout.write("", () => resolve()));
}

/** Ends the process when what it printed is read, whatever the file system does. */
async function exit(code: number): Promise<never> {
  await isRead(process);
  return end(code);
}

async function end(code: number): Promise<never> {
  for (let waitedMs = 0; isFileBusy(); waitedMs += 20) {
    if (waitedMs >= PATIENCE_MS) process.kill(process.pid, "SIGKILL");
    await sleep(20);
  }
  process.exit(code);
}

/** A reader that has gone, as `head` goes, wants no words about it; a full disk does. */
function failToPrint({ code = "unknown" }: NodeJS.ErrnoException): Promise<never> {
  if (code === "EPIPE") return end(EXIT_CODES.failure);
  return end(
    report(new AppError(`standard output cannot be written (${code})`, { code: "E_STDOUT", retryable: false })),
  );
}

// The first failure to print ends the process; those that follow it say nothing new.
process.stdout.once("error", failToPrint).on("error", () => {});
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
main().then(exit, fail);
