import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { listServices } from "../../src/simulator/consul/queries.ts";
import { type CatalogServer, startCatalogServer } from "../../src/simulator/server.ts";
import { type Catalog, createCatalog } from "../../src/simulator/state/catalog.ts";
import { createFakeClock, type FakeClock } from "../fakes/fake-clock.ts";
import { until } from "../support/await-until.ts";
import { FAULT_NAMES, playSchedule, randomSchedule, type ScheduledFault } from "./schedule.ts";

const SERVICES = "/v1/catalog/services";
const NODES = "/v1/catalog/nodes";

let catalog: Catalog;
let server: CatalogServer;
let clock: FakeClock;
let ending: AbortController;
beforeEach(async () => {
  catalog = createCatalog();
  server = await startCatalogServer({ catalog });
  clock = createFakeClock();
  ending = new AbortController();
});
afterEach(async () => {
  ending.abort();
  await server.close();
});

function play(...schedule: readonly ScheduledFault[]): Promise<void> {
  return playSchedule({ server, catalog, clock }, schedule, ending.signal);
}

async function statusOf(path: string): Promise<number> {
  const response = await fetch(server.url + path, { headers: { Connection: "close" } });
  await response.arrayBuffer();
  return response.status;
}

/** The server does not listen. */
function isDown(): Promise<boolean> {
  return statusOf(SERVICES).then(
    () => false,
    () => true,
  );
}

describe("playSchedule", () => {
  test("switches a fault on at its time, for its paths, and off again", async () => {
    const played = play({ atMs: 1_000, forMs: 500, fault: "error-500", path: SERVICES });
    await clock.advance(999);
    expect(await statusOf(SERVICES)).toBe(200);
    await clock.advance(1);
    expect([await statusOf(SERVICES), await statusOf(NODES)]).toEqual([500, 200]);
    await clock.advance(500);
    expect(await statusOf(SERVICES)).toBe(200);
    await played;
  });

  test("of faults that overlap the last to begin is taken, and the end of one leaves the other on", async () => {
    const played = play(
      { atMs: 0, forMs: 300, fault: "error-500" },
      { atMs: 100, forMs: 100, fault: "denied-403" },
      { atMs: 250, forMs: 100, fault: "busy-429" },
    );
    const seen: number[] = [];
    for (const stepMs of [0, 100, 100, 50, 50, 50]) {
      await clock.advance(stepMs);
      seen.push(await statusOf(NODES));
    }
    expect(seen).toEqual([500, 403, 500, 429, 429, 200]);
    await played;
  });

  test("an outage refuses connections, until the last of those that overlap is over", async () => {
    const played = play({ atMs: 0, forMs: 200, fault: "outage" }, { atMs: 100, forMs: 200, fault: "outage" });
    await clock.advance(0);
    await until(isDown, { timeoutMs: 2_000, what: "the outage" });
    await clock.advance(250);
    expect(await isDown()).toBe(true);
    await clock.advance(50);
    await played;
    expect(await isDown()).toBe(false);
  });

  test("an index reset comes back with the same data under lower indexes", async () => {
    for (let i = 0; i < 5; i += 1) catalog.register({ Node: "n1", Address: "10.0.0.1", Service: { Service: `s${i}` } });
    const before = listServices(catalog.state);
    const played = play({ atMs: 0, forMs: 100, fault: "index-reset" });
    await clock.advance(0);
    await until(isDown, { timeoutMs: 2_000, what: "the outage" });
    await clock.advance(100);
    await played;
    expect(await isDown()).toBe(false);
    expect(listServices(catalog.state).body).toEqual(before.body);
    expect(listServices(catalog.state).index).toBeLessThan(before.index);
  });

  test("stale answers show the loss of the leader, with the time since then", async () => {
    const played = play({ atMs: 0, forMs: 5_000, fault: "leader-loss" });
    await clock.advance(1_234);
    expect(await statusOf(NODES)).toBe(500);
    const { headers } = await fetch(`${server.url}${NODES}?stale`);
    expect(headers.get("x-consul-knownleader")).toBe("false");
    expect(headers.get("x-consul-lastcontact")).toBe("1234");
    await clock.advance(5_000);
    await played;
  });

  test.each(FAULT_NAMES)("aborting ends %s at once and leaves a sound catalog", async (fault) => {
    const played = play({ atMs: 0, forMs: 3_600_000, fault }, { atMs: 1_000, forMs: 1_000, fault });
    await clock.advance(0);
    ending.abort();
    await played;
    expect(await statusOf(SERVICES)).toBe(200);
    expect(server.faults.find(SERVICES)).toBeUndefined();
  });
});

describe("randomSchedule", () => {
  const options = { seed: 7, lengthMs: 3_600_000 };

  test("is the same for a seed, and another for another", () => {
    expect(randomSchedule(options)).toEqual(randomSchedule(options));
    expect(randomSchedule({ ...options, seed: 8 })).not.toEqual(randomSchedule(options));
  });

  test("lies within its length, in order, with every fault in it and about as many as asked for", () => {
    const schedule = randomSchedule({ ...options, everyMs: 5_000, lastsMs: [100, 200], paths: [SERVICES, NODES] });
    expect(schedule.length).toBeGreaterThan(600);
    expect(schedule.length).toBeLessThan(840);
    expect(new Set(schedule.map(({ fault }) => fault))).toEqual(new Set(FAULT_NAMES));
    expect(new Set(schedule.map(({ path }) => path))).toEqual(new Set([SERVICES, NODES]));
    expect(schedule.map(({ atMs }) => atMs)).toEqual(schedule.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
    for (const { atMs, forMs } of schedule) {
      expect(atMs + forMs).toBeLessThanOrEqual(options.lengthMs);
      expect(forMs).toBeGreaterThanOrEqual(100);
      expect(forMs).toBeLessThanOrEqual(200);
    }
  });

  test("holds none but the faults that are asked for", () => {
    const schedule = randomSchedule({ ...options, faults: ["hang", "cut"] });
    expect(new Set(schedule.map(({ fault }) => fault))).toEqual(new Set(["hang", "cut"]));
  });
});
