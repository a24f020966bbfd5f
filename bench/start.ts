import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { measureBusyness } from "./busyness.ts";
import { percentile } from "./figures.ts";
import { BUSY_PERCENT, type StartResult } from "./results.ts";
import { say } from "./say.ts";

/*
 * How long a command takes from its start to its end, beside a bare Node in the same run: npm run bench:start. Each round
 * starts all of them, one after the other, so that a slow second of the machine is in each figure.
 */

const MAIN = join(import.meta.dirname, "../dist/main.js");
const BARE = "node -e 0";
/** At most so many times a bare Node. */
const AIM = 4;
const ROUNDS = 21;

/** Commands that ask nothing but this machine's loopback, where nothing listens at port 1. */
const COMMANDS = [
  "version",
  "help",
  "help run",
  "completion bash",
  "check tags traefik.enable=true",
  "status --listen 127.0.0.1:1",
  "routes --listen 127.0.0.1:1",
  "explain shop --listen 127.0.0.1:1 --consul-addr http://127.0.0.1:1",
];

const busyPercent = await measureBusyness();
if (busyPercent > BUSY_PERCENT) say(`others use ${busyPercent} % of the processors: compare ratios, not times`);

const timesMs = new Map<string, number[]>([BARE, ...COMMANDS].map((command) => [command, []]));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [command, times] of timesMs) times.push(startMs(command));
}
const bareMs = median(timesMs.get(BARE) ?? []);
for (const [command, times] of timesMs) {
  const p50Ms = median(times);
  const result: StartResult = {
    start: command === BARE ? BARE : `portolan ${command}`,
    p50Ms: tenths(p50Ms),
    maxMs: tenths(Math.max(...times)),
    n: times.length,
    timesBare: tenths(p50Ms / bareMs),
    ...(command === BARE ? {} : { aimTimes: AIM }),
    busyPercent,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

/** Milliseconds from the start of the process to its end. */
function startMs(command: string): number {
  // As the program's first line starts it.
  const args = command === BARE ? ["-e", "0"] : ["--max-semi-space-size=4", MAIN, ...command.split(" ")];
  const beganMs = performance.now();
  const { error, signal } = spawnSync(process.execPath, args, { stdio: "ignore", timeout: 60_000 });
  if (error !== undefined || signal !== null) throw new Error(`${command} did not end by itself`);
  return performance.now() - beganMs;
}

function median(values: readonly number[]): number {
  return percentile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
