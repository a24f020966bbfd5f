import { parseArgs } from "node:util";
import { systemClock } from "../src/base/clock.ts";
import { PRODUCTS } from "../src/sources/catalog/product.ts";
import { type ConsulClient, createConsulClient } from "../src/sources/consul/client.ts";
import { openEndpoint } from "../src/sources/http/client/endpoint.ts";
import { openConnections } from "../src/sources/http/client/open.ts";
import { createConnectionBudget } from "../src/sources/http/connection-budget.ts";
import { startRealCatalog } from "./catalogs/real.ts";
import { parseOptions } from "./options.ts";
import { requireBinary } from "./require-binary.ts";
import { createWorld, type Instance } from "./world.ts";

/*
 * What Portolan's client of Consul costs by itself: npm run bench:polls -- --polls 1000 --scheme https. A real Consul
 * behind a relay; one long poll for each service, changes of a port one after the other, then reads that do not block.
 * Processor time is that of this thread, for machines that others use too; memory is the heap after a collection.
 */

const { values: flags } = parseArgs({
  options: {
    polls: { type: "string", default: "1000" },
    scheme: { type: "string", default: "https" },
    changes: { type: "string", default: "100" },
    reads: { type: "string", default: "2000" },
  },
});
const POLLS = Number(flags.polls);
const PORTS = [24_001, 24_002] as const;
const READS_AT_A_TIME = 8;

const world = createWorld({ services: POLLS, instances: 1, nodes: 50, ports: PORTS });
const catalog = await startRealCatalog(
  {
    options: parseOptions(["--scheme", flags.scheme]),
    consul: await requireBinary("consul"),
    traefik: await requireBinary("traefik"),
    world,
    ports: PORTS,
    signal: new AbortController().signal,
  },
  { isUnlimited: flags.scheme === "http" },
);
const endpoint = openEndpoint(
  catalog.url,
  catalog.caFile === undefined ? {} : { caFile: catalog.caFile },
  PRODUCTS.consul,
  { clock: systemClock, reporter: { credentialsRenewed() {}, credentialsWarned() {} } },
);
const connections = openConnections(endpoint, Math.max(64, flags.scheme === "http" ? POLLS + READS_AT_A_TIME : 0));
const client = createConsulClient({
  connections,
  readToken: () => "",
  budget: createConnectionBudget(POLLS + READS_AT_A_TIME),
  waitMs: 600_000,
  maxAnswerBytes: 32 * 1024 * 1024,
  maxStaleMs: 30_000,
  requested() {},
  answered() {},
});
const stop = new AbortController();
const now = { index: 0n, consistency: "stale", signal: stop.signal } as const;

interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
}
const figures: Figure[] = [];

function tell(what: string, value: number, unit: string): void {
  figures.push({ what, value: Math.round(value * 10) / 10, unit });
}

function cpuUs(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

function heapBytes(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

async function indexOf(reader: ConsulClient, service: string): Promise<bigint> {
  return BigInt((await reader.instances(service, now)).index ?? 1);
}

async function readAll(services: readonly string[]): Promise<Map<string, bigint>> {
  const indexes = new Map<string, bigint>();
  const waiting = services.values();
  const worker = async (): Promise<void> => {
    for (const service of waiting) indexes.set(service, await indexOf(client, service));
  };
  await Promise.all(Array.from({ length: READS_AT_A_TIME }, worker));
  return indexes;
}

async function measureReads(services: readonly string[]): Promise<void> {
  await readAll(services);
  const count = Number(flags.reads);
  const before = cpuUs();
  await readAll(Array.from({ length: count }, (_, number) => services[number % services.length] ?? ""));
  tell("a small read, processor time", (cpuUs() - before) / count, "µs");
}

/** How long after a change its poll is answered; the change itself takes a part of that. */
async function measureWakeUps(polls: ReadonlyMap<string, Promise<unknown>>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let change = 0; change < Number(flags.changes); change += 1) {
    const instance = world[(change * 617) % world.length] as Instance;
    const make = catalog.prepare({
      kind: "port",
      instance: { ...instance, port: 25_000 + change },
      isSeen: () => true,
    });
    const startMs = performance.now();
    const made = make();
    await polls.get(instance.service);
    times.push(performance.now() - startMs);
    await made;
  }
  return times.toSorted((a, b) => a - b);
}

async function main(): Promise<void> {
  const services = world.map(({ service }) => service);
  await measureReads(services);
  const indexes = await readAll(services);
  const heapBefore = heapBytes();
  const before = cpuUs();
  const polls = new Map(
    services.map((service) => [
      service,
      client.instances(service, { ...now, index: indexes.get(service) ?? 1n }).catch(() => {}),
    ]),
  );
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  tell("a poll opened, processor time", (cpuUs() - before) / POLLS, "µs");
  tell("a poll that waits, heap", (heapBytes() - heapBefore) / POLLS / 1_000, "KB");
  tell("connections", (await catalog.traffic()).mostConnections, "");
  const times = await measureWakeUps(polls);
  tell("change to answer, p50", times[Math.ceil(times.length * 0.5) - 1] ?? 0, "ms");
  tell("change to answer, p95", times[Math.ceil(times.length * 0.95) - 1] ?? 0, "ms");
}

try {
  await main();
} finally {
  stop.abort();
  client.close();
  await catalog.stop();
}
const run = { polls: POLLS, scheme: flags.scheme };
process.stdout.write(figures.map((figure) => `${JSON.stringify({ ...run, ...figure })}\n`).join(""));
