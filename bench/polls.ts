import { parseArgs } from "node:util";
import { systemClock } from "../src/base/clock.ts";
import { PRODUCTS } from "../src/sources/catalog/product.ts";
import { type ConsulClient, createConsulClient } from "../src/sources/consul/client.ts";
import { openEndpoint } from "../src/sources/http/client/endpoint.ts";
import { openConnections } from "../src/sources/http/client/open.ts";
import { createConnectionBudget } from "../src/sources/http/connection-budget.ts";
import { watchOthers } from "./busyness.ts";
import { startRealCatalog } from "./catalogs/real.ts";
import { parseOptions } from "./options.ts";
import { PRESENT_BUILD } from "./program.ts";
import { requireBinary } from "./require-binary.ts";
import type { PollResult } from "./results.ts";
import { createWorld, type Instance } from "./world.ts";

/*
 * What Portolan's client of Consul costs by itself: npm run bench:polls -- --polls 1000 --scheme https. A real Consul
 * behind a relay; one long poll for each service, changes of a port one after the other, then reads that do not block.
 * Processor time is that of this thread, for machines that others use too; memory is the heap after a collection. With
 * --only renewals, of what comes at rest: polls that end by themselves and are asked again.
 */

const { values: flags } = parseArgs({
  options: {
    polls: { type: "string", default: "1000" },
    scheme: { type: "string", default: "https" },
    changes: { type: "string", default: "100" },
    reads: { type: "string", default: "2000" },
    instances: { type: "string", default: "1" },
    only: { type: "string", default: "all" },
  },
});
const POLLS = Number(flags.polls);
const PORTS = [24_001, 24_002] as const;
const READS_AT_A_TIME = 8;
/** How long a poll waits whose end is measured, and how often each ends. */
const SHORT_WAIT_MS = 2_000;
const RENEWALS = 4;

const world = createWorld({ services: POLLS, instances: Number(flags.instances), nodes: 50, ports: PORTS });
const catalog = await startRealCatalog(
  {
    options: parseOptions(["--scheme", flags.scheme]),
    consul: await requireBinary("consul"),
    traefik: await requireBinary("traefik"),
    program: PRESENT_BUILD,
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
function createClient(waitMs: number): ConsulClient {
  return createConsulClient({
    connections,
    readToken: () => "",
    budget: createConnectionBudget(POLLS + READS_AT_A_TIME),
    waitMs,
    maxAnswerBytes: 32 * 1024 * 1024,
    maxStaleMs: 30_000,
    requested() {},
    answered() {},
  });
}
const client = createClient(600_000);
const stop = new AbortController();
const now = { index: 0n, consistency: "stale", signal: stop.signal } as const;

const figures: Pick<PollResult, "poll" | "value" | "unit">[] = [];

function tell(poll: string, value: number, unit: string): void {
  figures.push({ poll, value: Math.round(value * 10) / 10, unit });
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

/** What a poll costs that ends by itself and is asked again: of the whole process, as what a daemon costs at rest. */
async function measureRenewals(services: readonly string[], indexes: ReadonlyMap<string, bigint>): Promise<void> {
  const waiting = createClient(SHORT_WAIT_MS);
  async function renew(service: string): Promise<void> {
    await waiting.instances(service, { ...now, index: indexes.get(service) ?? 1n });
  }
  for (let warming = 0; warming < 2; warming += 1) await Promise.all(services.map(renew));
  const before = process.cpuUsage();
  await Promise.all(
    services.map(async (service) => {
      for (let renewal = 0; renewal < RENEWALS; renewal += 1) await renew(service);
    }),
  );
  const { user, system } = process.cpuUsage(before);
  tell("a poll that ends and is asked again, processor time", (user + system) / POLLS / RENEWALS, "µs");
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
  const services = [...new Set(world.map(({ service }) => service))];
  if (flags.only === "renewals") return await measureRenewals(services, await readAll(services));
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
  await measureRenewals(services, await readAll(services));
}

const others = watchOthers();
try {
  await main();
} finally {
  stop.abort();
  client.close();
  await catalog.stop();
}
const run = { polls: POLLS, scheme: flags.scheme, busyPercent: others() };
process.stdout.write(figures.map((figure) => `${JSON.stringify({ ...run, ...figure })}\n`).join(""));
