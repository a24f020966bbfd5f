import { readFile, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { until } from "../test/support/await-until.ts";
import { startBackends } from "./backends.ts";
import { watchOthers } from "./busyness.ts";
import { startRealCatalog } from "./catalogs/real.ts";
import { percentile } from "./figures.ts";
import { describeMachine } from "./machine.ts";
import { parseOptions } from "./options.ts";
import { startPortolanDaemon } from "./peers/portolan-daemon.ts";
import { get } from "./probe.ts";
import { cpuMs, residentMemory } from "./procfs.ts";
import { PRESENT_BUILD } from "./program.ts";
import { requireBinary } from "./require-binary.ts";
import type { ScaleResult } from "./results.ts";
import { say } from "./say.ts";
import { type ScaleEdge, startEdges } from "./scale-edges.ts";
import { createTeardown } from "./teardown.ts";
import { createWorld, hostOf, type Instance } from "./world.ts";

/*
 * A large catalog under steady change, and what its Traefik can follow: npm run bench:scale -- --services 25000 --instances 2.
 * Real Consul behind a relay, portolan with its defaults and `traefik.api`, a Traefik with a certificate for each of
 * --edges, over which the services are spread evenly. First single changes, each when the one before is long routed; then
 * --rate changes a second for --minutes: services move to another port in turn, and a new one is registered every two
 * seconds, which is timed. Meanwhile a host that nothing changes is asked all the time.
 */

const { values: flags } = parseArgs({
  options: {
    services: { type: "string", default: "5000" },
    instances: { type: "string", default: "3" },
    scheme: { type: "string", default: "http" },
    edges: { type: "string", default: "1" },
    single: { type: "string", default: "6" },
    rate: { type: "string", default: "50" },
    minutes: { type: "string", default: "10" },
  },
});
const [services, instances, edgeCount] = [Number(flags.services), Number(flags.instances), Number(flags.edges)];
const [rate, minutes, singles] = [Number(flags.rate), Number(flags.minutes), Number(flags.single)];

/** Between two registrations that are timed. */
const TIMED_EVERY_MS = 2_000;
/** After a change that stands alone: long enough that Traefik has come to rest. */
const REST_MS = 2_000;
const ASKED_EVERY_MS = 20;
const LOOKED_EVERY_MS = 10;
const SAMPLED_EVERY_MS = 1_000;
/** What has not reached Traefik by then counts as missed. */
const PATIENCE_MS = 120_000;
/** Node's own, by prom-client: the longest time between two looks at the event loop, which should come every 50 ms. */
const LONGEST_DELAY = "nodejs_eventloop_lag_max_seconds";

const lines: Omit<ScaleResult, "machine" | "busyPercent">[] = [];
function record(scale: string, unit: ScaleResult["unit"], ...values: readonly number[]): void {
  if (values.length === 0) return;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(percentile(sorted, share) * 100) / 100;
  lines.push({ scale, unit, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1), n: sorted.length });
}

const consul = await requireBinary("consul");
const traefik = await requireBinary("traefik");
const machine = await describeMachine(consul, traefik);
const others = watchOthers();
const teardown = createTeardown();
const stop = new AbortController();
const { signal } = stop;
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => stop.abort());

/** Where its router goes: the edges take turns. */
function edgeOf(position: number): number {
  return position % edgeCount;
}

const PREFIXES = ["traefik", "second", "third", "fourth"];

async function measure(): Promise<void> {
  const backends = await startBackends(Math.max(2, instances));
  teardown.add(backends.close);
  const { ports } = backends;
  const world = createWorld({ services, instances, nodes: 50, ports }).map((instance, position) => ({
    ...instance,
    tagPrefix: PREFIXES[edgeOf(Math.floor(position / instances))]!,
  }));
  const options = parseOptions(["--scheme", flags.scheme, "--default-certificate"]);
  const stage = { options, consul, traefik, program: PRESENT_BUILD, world, ports, signal };
  say(`${services} services × ${instances} over ${flags.scheme}, ${edgeCount} edges`);
  const catalog = await startRealCatalog(stage, {});
  teardown.add(catalog.stop);
  const edges = await startEdges(PREFIXES.slice(0, edgeCount), traefik);
  teardown.add(edges.stop);
  const daemon = await startPortolanDaemon(catalog, stage, edges.directory, edges.settings);
  teardown.add(daemon.stop);
  record("start: first chart", "ms", performance.now() - daemon.startedAtMs);
  for (const [position, edge] of edges.all.entries()) {
    const { service } = world[(services - edgeCount + position) * instances]!;
    await until(async () => signal.aborted || (await get(edge.url, hostOf(service))).status === 200, {
      timeoutMs: 180_000,
      what: `${service} to be routed`,
      everyMs: 100,
    });
  }
  signal.throwIfAborted();
  await sleep(10_000, undefined, { signal });
  record("at rest: memory", "MB", residentMemory(daemon.pid).nowMb);

  let timed = 0;
  const timings = () => ({ file: [] as number[], taken: [] as number[], missed: 0 });
  type Timings = ReturnType<typeof timings>;

  /** Registers a new service and waits for the file, and for the Traefik that has taken it. */
  async function timeRegistration(into: Timings): Promise<void> {
    const position = timed;
    timed += 1;
    const edge = edges.all[edgeOf(position)]!;
    const service = `timed-${position}-service`;
    const [port = 0] = ports;
    const id = `${service}-0`;
    const tagPrefix = PREFIXES[edgeOf(position)]!;
    const startMs = performance.now();
    const inFile = charts[edgeOf(position)]!.first(service);
    await catalog.register({ service, id, node: `node-${position % 50}`, port, status: "passing", tagPrefix });
    const takenAtMs = await taken(edge, service, startMs + PATIENCE_MS);
    if (takenAtMs === undefined) into.missed += 1;
    else into.taken.push(takenAtMs - startMs);
    const fileAtMs = inFile();
    if (fileAtMs !== undefined) into.file.push(fileAtMs - startMs);
  }

  const charts = edges.all.map(({ chartPath }) => followChart(chartPath, signal));

  const single = timings();
  for (let round = 0; round < singles; round += 1) {
    signal.throwIfAborted();
    await timeRegistration(single);
    await sleep(REST_MS + Math.max(0, ...single.taken), undefined, { signal });
  }
  if (singles > 0) {
    record("a single change → file", "ms", ...single.file);
    record("a single change → taken by Traefik", "ms", ...single.taken);
  }

  const before = {
    traffic: await catalog.traffic(),
    cpuMs: cpuMs(daemon.pid),
    traefikMs: edges.all.map(({ pid }) => cpuMs(pid)),
    files: charts.map(({ count }) => count()),
  };
  await daemon.metric(LONGEST_DELAY); // Reading it begins a new measurement.
  const ending = new AbortController();
  const steadily = AbortSignal.any([signal, ending.signal]);
  const memory: number[] = [];
  const traefikMemory: number[] = [];
  const steady = timings();
  const answers = edges.all.map(() => ({ ms: [] as number[], bad: 0 }));
  say(`${rate} changes a second for ${minutes} min`);
  const startMs = performance.now();
  const endMs = startMs + minutes * 60_000;
  let changes = 0;
  const beside = [
    every(SAMPLED_EVERY_MS, steadily, async () => {
      memory.push(residentMemory(daemon.pid).nowMb);
      traefikMemory.push(Math.max(...edges.all.map(({ pid }) => residentMemory(pid).nowMb)));
    }),
    ...edges.all.map((edge, position) =>
      every(ASKED_EVERY_MS, steadily, () =>
        ask(edge, hostOf(world[position * instances]!.service), answers[position]!),
      ),
    ),
  ];
  const registrations: Promise<void>[] = [];
  const timing = every(TIMED_EVERY_MS, steadily, async () => void registrations.push(timeRegistration(steady)));
  const moving = Array.from({ length: 8 }, async () => {
    while (performance.now() < endMs && !signal.aborted) {
      const change = changes;
      changes += 1;
      const dueMs = startMs + (change * 1_000) / rate;
      if (dueMs >= endMs) break;
      await sleep(Math.max(0, dueMs - performance.now()), undefined, { signal });
      // The first service of each edge is the one that is asked for.
      const service = edgeCount + (change % (services - edgeCount));
      const round = 1 + Math.floor(change / (services - edgeCount));
      const instance: Instance = world[service * instances]!;
      const moved = { ...instance, port: ports[round % ports.length]! };
      await catalog.prepare({ kind: "port", instance: moved, isSeen: () => true })();
    }
  });
  await Promise.all(moving);
  const seconds = (performance.now() - startMs) / 1_000;
  const after = { traffic: await catalog.traffic(), cpuMs: cpuMs(daemon.pid) };
  const blockedMs = 1_000 * (await daemon.metric(LONGEST_DELAY));
  const files = charts.map(({ count }, position) => count() - before.files[position]!);
  const busy = edges.all.map(({ pid }, position) => (cpuMs(pid) - before.traefikMs[position]!) / (10 * seconds));
  ending.abort();
  await Promise.all([timing, ...beside]);
  await Promise.all(registrations);
  const made = Math.min(changes, Math.round(rate * minutes * 60));
  record("changes a second", "1/s", made / seconds);
  record("a change → file", "ms", ...steady.file);
  record("a change → taken by Traefik", "ms", ...steady.taken);
  record("changes not taken within two minutes", "count", steady.missed);
  record("files a minute, of a chart", "count", ...files.map((count) => (60 * count) / seconds));
  record("portolan: processor", "%", (after.cpuMs - before.cpuMs) / (10 * seconds));
  record("portolan: longest time between two looks at the event loop", "ms", blockedMs);
  const quarter = Math.max(1, Math.floor(memory.length / 4));
  record("portolan: memory, first quarter", "MB", ...memory.slice(0, quarter));
  record("portolan: memory, last quarter", "MB", ...memory.slice(-quarter));
  record("requests a change", "×", (after.traffic.requests - before.traffic.requests) / made);
  record("received a change", "B", (after.traffic.receivedBytes - before.traffic.receivedBytes) / made);
  record("most connections at a time", "count", after.traffic.mostConnections);
  record("a Traefik: processor", "%", ...busy);
  record("a Traefik: memory", "MB", ...traefikMemory);
  const asked = answers.reduce((sum, { ms, bad }) => sum + ms.length + bad, 0);
  const bad = answers.reduce((sum, one) => sum + one.bad, 0);
  record("another host: answered well", "%", (100 * (asked - bad)) / asked);
  record("another host: time of an answer", "ms", ...answers.flatMap(({ ms }) => ms));
}

/** When Traefik shows the service, on performance.now()'s clock; undefined where it does not until then. */
async function taken({ apiUrl }: ScaleEdge, service: string, deadlineMs: number): Promise<number | undefined> {
  while (performance.now() < deadlineMs && !signal.aborted) {
    const answer = await fetch(`${apiUrl}/api/http/services/${service}@file`, { signal });
    await answer.arrayBuffer();
    if (answer.ok) return performance.now();
    await sleep(ASKED_EVERY_MS, undefined, { signal });
  }
  return undefined;
}

async function ask({ url }: ScaleEdge, host: string, answers: { readonly ms: number[]; bad: number }): Promise<void> {
  const startMs = performance.now();
  const isGood = await get(url, host).then(
    ({ status }) => status === 200,
    () => false,
  );
  if (isGood) answers.ms.push(performance.now() - startMs);
  else answers.bad += 1;
}

interface FollowedChart {
  /** Files since the start. */
  count(): number;
  /** Begins to look for a name; what comes back tells when a file first had it. */
  first(name: string): () => number | undefined;
}

/** Looks at a chart's inode, and into each file for the names that are awaited. */
function followChart(path: string, ending: AbortSignal): FollowedChart {
  const awaited = new Set<string>();
  const found = new Map<string, number>();
  let ino: number | undefined;
  let files = 0;
  void every(LOOKED_EVERY_MS, ending, async () => {
    const now = (await stat(path)).ino;
    if (now === ino) return;
    const atMs = performance.now();
    files += ino === undefined ? 0 : 1;
    ino = now;
    if (awaited.size === 0) return;
    const chart = await readFile(path);
    for (const name of awaited) {
      if (!chart.includes(name)) continue;
      found.set(name, atMs);
      awaited.delete(name);
    }
  });
  return {
    count: () => files,
    first(name) {
      awaited.add(name);
      return () => found.get(name);
    },
  };
}

/** One after the other with that pause, until aborted. */
async function every(ms: number, ending: AbortSignal, act: () => Promise<void>): Promise<void> {
  while (!ending.aborted) {
    await act();
    await sleep(ms, undefined, { signal: ending }).catch(() => {});
  }
}

try {
  await measure();
} catch (error) {
  if (!signal.aborted) say(String(error instanceof Error ? error.stack : error));
  process.exitCode = 1;
} finally {
  stop.abort();
  await teardown.run();
}
const busyPercent = others();
for (const line of lines) process.stdout.write(`${JSON.stringify({ ...line, machine, busyPercent })}\n`);
for (const { scale, unit, p50, p95, max, n } of lines) say(`${scale}: ${p50} (${p95}, ${max}) ${unit}, ${n} times`);
process.exit();
