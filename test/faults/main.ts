import { AppError, EXIT_CODES } from "../../src/base/errors.ts";
import { findTool, type Tool, type ToolName } from "../support/real-binaries.ts";
import { type Options, parseOptions } from "./options.ts";
import { type Outcome, playRow } from "./play.ts";
import type { FaultRow } from "./row.ts";
import { ALL_ROWS } from "./rows/all.ts";
import type { Tools } from "./stage/stage.ts";
import { heading, outcomeLines } from "./table.ts";

/** Plays the matrix and prints it; ends with "N passed, N failed". Exit code 0 only if nothing failed. */
async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  const rows = ALL_ROWS.filter(({ name }) => options.row === undefined || name.includes(options.row));
  if (rows.length === 0) throw usage(`--row: no row has ${JSON.stringify(options.row)} in its name`);
  const tools: Tools = { consul: await requireTool("consul"), traefik: await requireTool("traefik") };
  const nameWidth = Math.max(...rows.map(({ name }) => name.length));
  const playable = rows.filter((row) => {
    const lacking = row.lacks?.();
    if (lacking !== undefined) say(`SKIPPED ${row.name}: ${lacking}`);
    return lacking === undefined;
  });

  say(heading(nameWidth));
  const outcomes = await playAll(playable, options, tools, (outcome) => {
    for (const line of outcomeLines(outcome, nameWidth)) say(line);
    if (options.log) for (const line of outcome.log) say(line);
  });
  // The peer is shown for comparison; only our own promises pass or fail.
  const ours = outcomes.filter(({ peer }) => peer === "portolan");
  const failed = ours.filter(({ problems }) => problems.length > 0).length;
  say(`${ours.length - failed} passed, ${failed} failed`);
  return failed === 0 ? EXIT_CODES.ok : EXIT_CODES.failure;
}

/** Several rows at a time; each is printed as soon as it has ended. */
async function playAll(
  rows: readonly FaultRow[],
  { peers, parallel, ...options }: Options,
  tools: Tools,
  tell: (outcome: Outcome) => void,
): Promise<readonly Outcome[]> {
  const waiting = rows.flatMap((row) =>
    peers.filter((peer) => peer === "portolan" || row.portolanOnly !== true).map((peer) => ({ row, peer })),
  );
  const outcomes: Outcome[] = [];
  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const outcome = await playRow(next.row, next.peer, tools, options);
      outcomes.push(outcome);
      tell(outcome);
    }
  }
  await Promise.all(Array.from({ length: parallel }, work));
  return outcomes;
}

async function requireTool(name: ToolName): Promise<Tool> {
  const tool = await findTool(name);
  if (tool?.kind === "binary") return tool;
  throw new AppError(`faults: no ${name} in test/tools/bin or on the PATH; run test/tools/install`, {
    code: "E_FAULTS_NO_BINARY",
    retryable: false,
    exitCode: EXIT_CODES.unavailable,
  });
}

function usage(message: string): AppError {
  return new AppError(`faults: ${message}`, { code: "E_USAGE", retryable: false, exitCode: EXIT_CODES.usage });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

for (const name of ["SIGINT", "SIGTERM"] as const) {
  // Servers are ended by their own handles on exit.
  process.once(name, () => process.exit(EXIT_CODES.failure));
}
try {
  process.exitCode = await main();
} catch (error) {
  say(error instanceof AppError ? error.message : String(error instanceof Error ? error.stack : error));
  process.exitCode = error instanceof AppError ? error.exitCode : EXIT_CODES.internal;
}
process.exit();
