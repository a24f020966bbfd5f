import { expect, test } from "vitest";
import { createReachability } from "../../../src/sources/polling/reachability.ts";
import { createFakeClock } from "../../fakes/fake-clock.ts";

function setUp(random = () => 0.5) {
  const clock = createFakeClock();
  return { clock, reachability: createReachability(clock, random), stop: new AbortController() };
}

test("no query waits while the catalog answers", async () => {
  const { clock, reachability, stop } = setUp();
  await reachability.until(stop.signal);
  expect(clock.sleepingMs).toEqual([]);
});

test("those who wait are let go when it answers again, spread over 200 ms", async () => {
  const draws = [0, 0.5, 0.99];
  const { clock, reachability, stop } = setUp(() => draws.shift() ?? 1);
  const back: number[] = [];
  const startMs = clock.nowMs();
  reachability.lost();
  for (const query of [1, 2, 3]) {
    void reachability.until(stop.signal).then(() => back.push(query, clock.nowMs() - startMs));
  }
  await clock.advance(60_000);
  expect(back).toEqual([]);
  reachability.regained();
  await clock.advance(200);
  expect(back).toEqual([1, 60_000, 2, 60_100, 3, 60_198]);
});

test("losing it twice is losing it once", async () => {
  const { clock, reachability, stop } = setUp();
  reachability.lost();
  const waiting = reachability.until(stop.signal);
  reachability.lost();
  reachability.regained();
  await clock.advance(200);
  await waiting;
});

test("an abort ends the waiting at once", async () => {
  const { clock, reachability, stop } = setUp();
  reachability.lost();
  const waiting = reachability.until(stop.signal);
  stop.abort();
  await waiting;
  expect(clock.sleepingMs).toEqual([]);
  await reachability.until(stop.signal);
});
