import { expect, test } from "vitest";
import { createFakeClock } from "./fake-clock.ts";

test("sleepers wake in the order of their times, each at its own time", async () => {
  const clock = createFakeClock(0);
  const woken: string[] = [];
  for (const ms of [30, 10, 20]) void clock.sleep(ms).then(() => woken.push(`${ms} at ${clock.nowMs()}`));
  await clock.advance(25);
  expect(woken).toEqual(["10 at 10", "20 at 20"]);
  expect(clock.nowMs()).toBe(25);
  expect(clock.sleepingMs).toEqual([5]);
});

test("a sleeper that sleeps again after waking is woken within the same advance", async () => {
  const clock = createFakeClock(0);
  const woken: number[] = [];
  async function tick(): Promise<void> {
    for (let count = 0; count < 5; count += 1) {
      await clock.sleep(10);
      woken.push(clock.nowMs());
    }
  }
  void tick();
  await clock.advance(35);
  expect(woken).toEqual([10, 20, 30]);
});

test("an aborted signal ends a sleep at once, and one that was aborted before allows none", async () => {
  const clock = createFakeClock(0);
  const stop = new AbortController();
  const sleeping = clock.sleep(10, stop.signal);
  stop.abort();
  await sleeping;
  await clock.sleep(10, stop.signal);
  expect(clock.nowMs()).toBe(0);
  expect(clock.sleepingMs).toEqual([]);
});
