import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { EXIT_CODES } from "../src/base/errors.ts";
import { ALL_RUNS, type BenchmarkRun } from "./all-runs.ts";
import { say } from "./say.ts";

const RESULTS = join(import.meta.dirname, "../docs/performance");
/** For what a run must end after its time. */
const GRACE_SECONDS = 30;

/** One run into its file, which is replaced only by a run that has measured something. */
async function run({ name, args, maxSeconds }: BenchmarkRun): Promise<boolean> {
  say(`--- ${name}: ${args.join(" ")}`);
  const file = join(RESULTS, `${name}.jsonl`);
  const part = `${file}.part`;
  const [program = "", ...flags] = args;
  const child = spawn(process.execPath, [join(import.meta.dirname, program), ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: (maxSeconds + GRACE_SECONDS) * 1_000,
  });
  const ended = once(child, "exit");
  const passOn = () => child.kill("SIGTERM");
  process.once("SIGTERM", passOn);
  await pipeline(child.stdout, createWriteStream(part));
  const [code] = await ended;
  process.off("SIGTERM", passOn);
  // "failure": the time was over, and what was measured until then, if anything, is there.
  const isUsable = code === EXIT_CODES.ok || (code === EXIT_CODES.failure && (await stat(part)).size > 0);
  if (isUsable) await rename(part, file);
  else await rm(part);
  if (code !== EXIT_CODES.ok) say(`--- ${name}: exit code ${code}${isUsable ? "" : "; its results stay as they were"}`);
  return code === EXIT_CODES.ok;
}

const names = process.argv.slice(2);
const unknown = names.filter((name) => !ALL_RUNS.some((each) => each.name === name));
if (unknown.length > 0) {
  say(`bench:all: found ${unknown}, allowed are ${ALL_RUNS.map(({ name }) => name)}`);
  process.exit(EXIT_CODES.usage);
}
let isStopped = false;
// Ctrl-C reaches the run as well, which reports what it has; only the next one must not begin.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => (isStopped = true));
process.exitCode = EXIT_CODES.ok;
for (const each of ALL_RUNS) {
  if (isStopped) break;
  if (names.length > 0 && !names.includes(each.name)) continue;
  if (!(await run(each))) process.exitCode = EXIT_CODES.failure;
}
say("npm run docs makes docs/performance.md and its picture of the results");
