import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { until } from "../test/support/await-until.ts";
import { watchOthers } from "./busyness.ts";
import type { EmbeddedState } from "./catalogs/embedded-process.ts";
import { startWorker } from "./catalogs/worker.ts";
import { median, tenths } from "./figures.ts";
import { PRESENT_BUILD, programArgs } from "./program.ts";
import type { StartResult } from "./results.ts";
import { createWorld, hostOf, type WorldShape } from "./world.ts";

/*
 * How long a command takes that asks the running portolan: npm run bench:reading -- --services 5000 --rounds 15. Whole
 * processes from start to exit, the median of the rounds, beside a bare `node -e 0` of the same round; and the requests
 * alone, as another program would send them. A line of JSON for each.
 */

const { values: flags } = parseArgs({
  options: { services: { type: "string", default: "5000" }, rounds: { type: "string", default: "15" } },
});
const ROUNDS = Number(flags.rounds);
const shape: WorldShape = { services: Number(flags.services), instances: 1, nodes: 50, ports: [24_001] };
const PROGRAM = programArgs(PRESENT_BUILD);
const BARE = "node -e 0";
const LISTEN = "127.0.0.1:19532";

const folder = await mkdtemp(join(tmpdir(), "portolan-reading-"));
await mkdir(join(folder, "dynamic"));
const catalog = await startWorker<EmbeddedState>("embedded-process.ts", shape);
const { url } = await catalog.state();
const places = ["--output", join(folder, "dynamic/portolan.yml"), "--state-dir", join(folder, "state")];
const daemon = spawn(process.execPath, [...PROGRAM, "run", "--consul-addr", url, "--listen", LISTEN, ...places], {
  stdio: "ignore",
});
const others = watchOthers();
try {
  await untilCharted();
  const one = createWorld(shape)[Math.floor(shape.services / 2)]?.service ?? "";
  const commands: readonly (readonly [string, readonly string[]])[] = [
    [BARE, ["-e", "0"]],
    ["portolan version", [...PROGRAM, "version"]],
    ["portolan status", [...PROGRAM, "status", "--listen", LISTEN]],
    ["portolan routes", [...PROGRAM, "routes", "--listen", LISTEN]],
    ["portolan routes --host", [...PROGRAM, "routes", "--host", hostOf(one), "--listen", LISTEN]],
    ["portolan routes --service", [...PROGRAM, "routes", "--service", one, "--listen", LISTEN]],
    ["portolan diagnostics", [...PROGRAM, "diagnostics", "--listen", LISTEN]],
    ["portolan explain", [...PROGRAM, "explain", one, "--listen", LISTEN]],
  ];
  const times = new Map<string, number[]>(commands.map(([name]) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, args] of commands) times.get(name)?.push(timeOf(args));
  }
  const requests = ["/v1/status", "/v1/routes", `/v1/routes?host=${hostOf(one)}`, "/v1/routes?limit=5000"];
  for (const path of requests) times.set(`GET ${path}`, await timesOfRequest(path));
  const busyPercent = others();
  const bareMs = median(times.get(BARE) ?? []);
  for (const [start, all] of times) {
    const p50Ms = median(all);
    const result: StartResult = {
      start,
      p50Ms: tenths(p50Ms),
      maxMs: tenths(Math.max(...all)),
      n: all.length,
      timesBare: tenths(p50Ms / bareMs),
      busyPercent,
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
} finally {
  daemon.kill();
  await Promise.all([once(daemon, "exit"), catalog.stop()]);
  await rm(folder, { recursive: true, force: true });
}

async function untilCharted(): Promise<void> {
  const isCharted = async () => {
    const answer = await fetch(`http://${LISTEN}/v1/status`);
    const { chart } = (await answer.json()) as { readonly chart: { readonly routers: number } };
    return chart.routers === shape.services;
  };
  await until(isCharted, { what: "the chart of all services", timeoutMs: 60_000, everyMs: 100 });
}

function timeOf(args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
  return performance.now() - start;
}

async function timesOfRequest(path: string): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await (await fetch(`http://${LISTEN}${path}`)).arrayBuffer();
    times.push(performance.now() - start);
  }
  return times;
}
