import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, existsSync } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { EXIT_CODES } from "../src/base/errors.ts";
import { ALL_RUNS, type BenchmarkRun, SCALE_RUNS } from "./all-runs.ts";
import { say } from "./say.ts";

const RESULTS = join(import.meta.dirname, "../docs/performance");
/** For what a run must end after its time. */
const GRACE_SECONDS = 30;

/**
 * One run into its file. A run that did not end in its time replaces no earlier one; where there is none yet, what it has
 * measured is better than nothing.
 */
async function run({ name, args, nodeFlags = [], maxSeconds }: BenchmarkRun): Promise<boolean> {
  const startMs = performance.now();
  say(`--- ${name}: ${args.join(" ")}`);
  const file = join(RESULTS, `${name}.jsonl`);
  const part = `${file}.part`;
  const [program = "", ...flags] = args;
  const child = spawn(process.execPath, [...nodeFlags, join(import.meta.dirname, program), ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: (maxSeconds + GRACE_SECONDS) * 1_000,
  });
  const ended = once(child, "exit");
  const passOn = () => child.kill("SIGTERM");
  process.once("SIGTERM", passOn);
  await pipeline(child.stdout, createWriteStream(part));
  const [code] = await ended;
  process.off("SIGTERM", passOn);
  const isWhole = code === EXIT_CODES.ok;
  const isFirst = code === EXIT_CODES.failure && !existsSync(file) && (await stat(part)).size > 0;
  if (isWhole || isFirst) await rename(part, file);
  else await rm(part);
  const seconds = Math.round((performance.now() - startMs) / 1_000);
  const outcome = isWhole
    ? ""
    : `, exit code ${code}; ${isFirst ? "they are not all" : "its results stay as they were"}`;
  say(`--- ${name}: ${seconds} of ${maxSeconds} s${outcome}`);
  return isWhole;
}

const names = process.argv.slice(2);
const known = [...ALL_RUNS, ...SCALE_RUNS];
const unknown = names.filter((name) => !known.some((each) => each.name === name));
if (unknown.length > 0) {
  say(`bench:all: found ${unknown}, allowed are ${known.map(({ name }) => name)}`);
  process.exit(EXIT_CODES.usage);
}
let isStopped = false;
// Ctrl-C reaches the run as well, which ends what it has started; only the next one must not begin.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => (isStopped = true));
process.exitCode = EXIT_CODES.ok;
const runs = names.length === 0 ? ALL_RUNS : known.filter(({ name }) => names.includes(name));
const minutes = Math.ceil(runs.reduce((sum, { maxSeconds }) => sum + maxSeconds, 0) / 60);
say(`${runs.length} runs, what matters most first: within ${minutes} minutes`);
for (const each of runs) {
  if (isStopped) break;
  if (!(await run(each))) process.exitCode = EXIT_CODES.failure;
}
say("npm run docs makes docs/performance.md and its picture of the results");
