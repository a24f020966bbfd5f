import { afterEach, beforeEach, expect, test } from "vitest";
import type { TraefikReading } from "../../src/core/traefik-result/traefik-result.ts";
import { type FollowedResult, followResult } from "../../src/traefik-api/follow-result.ts";
import { chart, router, served } from "../builders/chart.ts";
import { createFakeClock, type FakeClock } from "../fakes/fake-clock.ts";
import { createFakeTraefik, type FakeTraefik } from "../fakes/fake-traefik.ts";

let clock: FakeClock;
let traefik: FakeTraefik;
let told: TraefikReading[];
let followed: FollowedResult;
let ending: AbortController;
let running: Promise<void>;

beforeEach(() => {
  clock = createFakeClock();
  traefik = createFakeTraefik();
  told = [];
  followed = followResult({ api: traefik, clock, told: (reading) => told.push(reading) });
  ending = new AbortController();
  running = followed.run(ending.signal);
});
afterEach(async () => {
  ending.abort();
  await running;
});

const charted = (port: number) =>
  chart({ routers: { a: router("a") }, services: { a: served(`http://10.0.0.1:${port}`) } });

const taking = () => told.at(-1)?.result?.taking.kind;

test("nothing is asked before there is a chart, and a chart is looked at when Traefik has had a moment for it", async () => {
  await clock.advance(60_000);
  expect(traefik.asked()).toEqual([]);
  traefik.takes(charted(1));
  followed.charted(charted(1));
  await clock.advance(200);
  expect(traefik.asked()).toEqual([]);
  await clock.advance(100);
  expect(taking()).toBe("taken");
});

test("a chart that is not there yet is looked at again soon, then less and less often, and one that is taken now and then", async () => {
  const first = charted(1);
  traefik.takes(first);
  followed.charted(first);
  await clock.advance(1_000);
  followed.charted(charted(2));
  const looks = told.length;
  await clock.advance(5_000);
  expect([taking(), told.length - looks]).toEqual(["waiting", 5]);
  await clock.advance(20_000);
  expect(taking()).toBe("behind");
  traefik.takes(charted(2));
  await clock.advance(10_000);
  expect(taking()).toBe("taken");
  const idle = told.length;
  await clock.advance(60_000);
  expect(told.length - idle).toBe(2);
});

test("however often charts follow each other, there is one look a second at most, and at the newest", async () => {
  for (let port = 1; port <= 100; port += 1) {
    const config = charted(port);
    traefik.takes(config);
    followed.charted(config);
    await clock.advance(100);
  }
  expect(told.length).toBeGreaterThan(5);
  expect(told.length).toBeLessThanOrEqual(11);
  await clock.advance(2_000);
  expect(taking()).toBe("taken");
});

test("the time until a published chart is taken is told once; of one that was found to be in force it is not known", async () => {
  const lags = () => told.map(({ takenAfterMs }) => takenAfterMs).filter((lag) => lag !== undefined);
  const found = charted(1);
  traefik.takes(found);
  followed.charted(found, "found");
  await clock.advance(1_000);
  expect([taking(), lags()]).toEqual(["taken", []]);
  const published = charted(2);
  followed.charted(published);
  await clock.advance(2_000);
  traefik.takes(published);
  await clock.advance(60_000);
  expect(taking()).toBe("taken");
  expect(lags()).toHaveLength(1);
  expect(lags()[0]).toBeGreaterThanOrEqual(2_000);
  expect(lags()[0]).toBeLessThanOrEqual(4_000);
});

test("a chart that another one follows before Traefik has it is never said to be taken", async () => {
  const found = charted(1);
  traefik.takes(found);
  followed.charted(found, "found");
  await clock.advance(1_000);
  followed.charted(charted(2));
  await clock.advance(1_000);
  traefik.goes("E_TRAEFIK_API_UNREACHABLE");
  await clock.advance(30_000);
  followed.charted(charted(3));
  traefik.comesBack();
  traefik.takes(charted(3));
  await clock.advance(60_000);
  const lags = told.map(({ takenAfterMs }) => takenAfterMs).filter((lag) => lag !== undefined);
  expect(lags).toHaveLength(1);
  expect(lags[0]).toBeLessThanOrEqual(31_000);
});

test("the same chart again is no news", async () => {
  const config = charted(1);
  traefik.takes(config);
  followed.charted(config);
  await clock.advance(1_000);
  const looks = told.length;
  followed.charted(config);
  await clock.advance(5_000);
  expect(told.length).toBe(looks);
});

test("an API that is away is asked again, less and less often, whatever is published; what it said last stays known", async () => {
  const config = charted(1);
  traefik.takes(config);
  followed.charted(config);
  await clock.advance(1_000);
  traefik.goes("E_TRAEFIK_API_UNREACHABLE");
  await clock.advance(30_000);
  const sinceMs = told.at(-1)?.unread?.sinceMs;
  expect(told.at(-1)).toMatchObject({
    unread: { code: "E_TRAEFIK_API_UNREACHABLE" },
    result: { taking: { kind: "taken" } },
  });
  const before = told.length;
  for (let port = 2; port < 62; port += 1) {
    followed.charted(charted(port));
    await clock.advance(1_000);
  }
  expect(told.length - before).toBeLessThanOrEqual(6);
  expect(told.at(-1)?.unread?.sinceMs).toBe(sinceMs);

  traefik.comesBack();
  traefik.takes(charted(61));
  await clock.advance(60_000);
  expect(told.at(-1)?.unread).toBeUndefined();
  expect(taking()).toBe("taken");
});

test("it ends at once, also while it waits", async () => {
  followed.charted(charted(1));
  await clock.advance(1_000);
  ending.abort();
  await running;
  expect(clock.sleepingMs).toEqual([]);
});
