import { AppError, EXIT_CODES } from "../../src/base/errors.ts";
import { findTool, type Tool, type ToolName } from "../support/real-binaries.ts";
import { type Options, parseOptions } from "./options.ts";
import { type Outcome, playTrial } from "./play-trial.ts";
import type { Tools } from "./stage/stage.ts";
import { heading, outcomeLines } from "./table.ts";
import type { Trial } from "./trial.ts";

/**
 * The body of a command that plays trials: reads its flags, plays, prints a table and "N passed, N failed", and ends the
 * process; exit code 0 only if nothing failed. `kind` is what one trial is, for the table: "fault", "attack".
 */
export async function runTrials(kind: string, trials: readonly Trial[]): Promise<never> {
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    // Servers are ended by their own handles on exit.
    process.once(name, () => process.exit(EXIT_CODES.failure));
  }
  try {
    process.exit(await playChosen(kind, trials));
  } catch (error) {
    say(error instanceof AppError ? error.message : String(error instanceof Error ? error.stack : error));
    process.exit(error instanceof AppError ? error.exitCode : EXIT_CODES.internal);
  }
}

async function playChosen(kind: string, trials: readonly Trial[]): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  const { row } = options;
  const chosen = trials.filter(({ name }) => row === undefined || name.includes(row));
  if (chosen.length === 0) {
    throw new AppError(`--row: no ${kind} has ${JSON.stringify(row)} in its name`, {
      code: "E_USAGE",
      retryable: false,
      exitCode: EXIT_CODES.usage,
    });
  }
  const tools: Tools = { consul: await requireTool("consul"), traefik: await requireTool("traefik") };
  const nameWidth = Math.max(...chosen.map(({ name }) => name.length));
  const playable = chosen.filter((trial) => {
    const lacking = trial.lacks?.();
    if (lacking !== undefined) say(`SKIPPED ${trial.name}: ${lacking}`);
    return lacking === undefined;
  });

  say(heading(kind, nameWidth));
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

/** Several trials at a time; each is printed as soon as it has ended. */
async function playAll(
  trials: readonly Trial[],
  { peers, parallel, ...options }: Options,
  tools: Tools,
  tell: (outcome: Outcome) => void,
): Promise<readonly Outcome[]> {
  const waiting = trials.flatMap((trial) =>
    peers.filter((peer) => peer === "portolan" || trial.portolanOnly !== true).map((peer) => ({ trial, peer })),
  );
  const outcomes: Outcome[] = [];
  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const outcome = await playTrial(next.trial, next.peer, tools, options);
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
  throw new AppError(`no ${name} in test/tools/bin or on the PATH; run test/tools/install`, {
    code: "E_TRIALS_NO_BINARY",
    retryable: false,
    exitCode: EXIT_CODES.unavailable,
  });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
