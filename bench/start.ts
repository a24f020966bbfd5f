import { spawnSync } from "node:child_process";
import { watchOthers } from "./busyness.ts";
import { median, tenths } from "./figures.ts";
import { PRESENT_BUILD, programArgs } from "./program.ts";
import type { StartResult } from "./results.ts";

/*
 * How long a command takes from its start to its end, beside a bare Node in the same run: npm run bench:start. Each round
 * starts all of them, one after the other, so that a slow second of the machine is in each figure.
 */

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

const others = watchOthers();

const timesMs = new Map<string, number[]>([BARE, ...COMMANDS].map((command) => [command, []]));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [command, times] of timesMs) times.push(startMs(command));
}
const busyPercent = others();
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
  const args = command === BARE ? ["-e", "0"] : [...programArgs(PRESENT_BUILD), ...command.split(" ")];
  const beganMs = performance.now();
  const { error, signal } = spawnSync(process.execPath, args, { stdio: "ignore", timeout: 60_000 });
  if (error !== undefined || signal !== null) throw new Error(`${command} did not end by itself`);
  return performance.now() - beganMs;
}
