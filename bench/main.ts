import { AppError, EXIT_CODES } from "../src/errors.ts";
import { until } from "../test/support/await-until.ts";
import { findTool, type Tool, type ToolName } from "../test/support/real-binaries.ts";
import { startBackends } from "./backends.ts";
import { createFigures, type Figures } from "./figures.ts";
import { lifeOf } from "./lifecycle.ts";
import { describeMachine } from "./machine.ts";
import { measure } from "./measure.ts";
import { type Options, parseOptions } from "./options.ts";
import { startFloor } from "./peers/floor.ts";
import type { Peer } from "./peers/peer.ts";
import { startPortolan } from "./peers/portolan.ts";
import { startTraefikCatalog } from "./peers/traefik-catalog.ts";
import { get } from "./probe.ts";
import { children, residentMemory } from "./procfs.ts";
import { untilQuiet } from "./quiet.ts";
import { jsonLines, table } from "./report.ts";
import { createWorld, hostOf, type Instance } from "./world.ts";

type Binary = Extract<Tool, { kind: "binary" }>;

/** Prepares everything, measures, reports, and ends what it has started, whatever happens. */
async function main(stop: AbortSignal): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  const tools = { consul: await requireBinary("consul"), traefik: await requireBinary("traefik") };
  const machine = await describeMachine(tools.consul, tools.traefik);
  const signal = AbortSignal.any([stop, AbortSignal.timeout(options.maxSeconds * 1_000)]);
  const figures = createFigures();
  // Two at least: a change of port needs another port to go to.
  const backends = await startBackends(Math.max(2, options.instances));
  const peers: Peer[] = [];
  try {
    const world = createWorld({ ...options, ports: backends.ports });
    for (const name of options.peers) {
      signal.throwIfAborted();
      say(`starting ${name}`);
      if (name === "floor") peers.push(await startFloor(tools.traefik, world, options));
      if (name === "portolan") peers.push(await startPortolan(tools, world, options));
      if (name === "traefik") peers.push(await startTraefikCatalog(tools, world, options));
    }
    for (const peer of peers) await untilEverythingIsRouted(peer, world);
    const [first = 0, second = 0] = backends.ports;
    await measureInTurns(peers, options, [first, second], figures, signal);
    recordMemory(peers, figures);
  } catch (error) {
    if (!signal.aborted) throw error;
    say(stop.aborted ? "interrupted" : `ended after ${options.maxSeconds} s (--max-seconds), before all changes`);
  } finally {
    await Promise.allSettled([...peers.map((peer) => peer.stop()), backends.close()]);
  }
  process.stdout.write(jsonLines(figures.all(), options));
  say(`${options.services} services × ${options.instances} on ${options.nodes} nodes; ${machine}`);
  say(table(figures.all(), options));
  return signal.aborted ? EXIT_CODES.failure : EXIT_CODES.ok;
}

/** Change by change, one peer after the other, so that a slow minute of the machine is everybody's. */
async function measureInTurns(
  peers: readonly Peer[],
  { changes, nodes }: Options,
  ports: readonly [number, number],
  figures: Figures,
  signal: AbortSignal,
): Promise<void> {
  const pids = children();
  for (let round = 0; round < changes; round += 1) {
    say(`round ${round + 1} of ${changes}`);
    for (const change of lifeOf(`newcomer-${round}`, `node-${round % nodes}`, ports)) {
      for (const peer of peers) await measure(peer, change, figures, () => untilQuiet(pids, signal));
    }
  }
}

function recordMemory(peers: readonly Peer[], figures: Figures): void {
  for (const { name, daemon } of peers) {
    if (daemon === undefined) continue;
    const { nowMb, peakMb } = residentMemory(daemon.pid);
    figures.record(name, "all", "rss", nowMb);
    figures.record(name, "all", "rssPeak", peakMb);
  }
}

/** The last service of the world stands for all: a chart is loaded whole. */
async function untilEverythingIsRouted(peer: Peer, world: readonly Instance[]): Promise<void> {
  const { service } = world.at(-1)!;
  await until(async () => (await get(peer.url, hostOf(service))).status === 200, {
    timeoutMs: 60_000,
    what: `${service} to be routed by ${peer.name}`,
    everyMs: 100,
  });
}

/** Processes only: those in a container could not be seen at rest, nor be compared with one outside. */
async function requireBinary(name: ToolName): Promise<Binary> {
  const tool = await findTool(name);
  if (tool?.kind === "binary") return tool;
  throw new AppError(`bench: no ${name} in test/tools/bin or on the PATH; run test/tools/install`, {
    code: "E_BENCH_NO_BINARY",
    retryable: false,
    exitCode: EXIT_CODES.unavailable,
  });
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => {
    // A second one ends at once; servers are ended by their own handles on exit.
    if (stop.signal.aborted) process.exit(EXIT_CODES.failure);
    say("stopping; once more to insist");
    stop.abort();
  });
}
try {
  process.exitCode = await main(stop.signal);
} catch (error) {
  say(error instanceof AppError ? error.message : String(error instanceof Error ? error.stack : error));
  process.exitCode = error instanceof AppError ? error.exitCode : EXIT_CODES.internal;
}
process.exit();
