import { describe, expect, test } from "vitest";
import { createQuietWindow, distanceMs } from "../../src/daemon/quiet-window.ts";
import { createFakeClock, settle } from "../fakes/fake-clock.ts";

const START_MS = 1_000_000;

/** A loop that publishes at once whenever it looks; `looks` are its times and those of the first change that led to it. */
function follow({ publishes = true, routers = 100 } = {}) {
  const clock = createFakeClock(START_MS);
  const timing = { quietMs: 100, maxDelayMs: 1_000 };
  const quietWindow = createQuietWindow({ clock, timing: () => timing });
  const stop = new AbortController();
  const looks: { readonly atMs: number; readonly sinceMs: number }[] = [];
  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      const { sinceMs } = await quietWindow.next(stop.signal);
      if (stop.signal.aborted) return;
      looks.push({ atMs: clock.nowMs() - START_MS, sinceMs: sinceMs - START_MS });
      if (publishes) quietWindow.published(routers);
    }
  }
  return { clock, timing, quietWindow, stop, looks, ended: run() };
}

test("without a change there is no look", async () => {
  const { clock, looks } = follow();
  await clock.advance(3_600_000);
  expect(looks).toEqual([]);
});

test("the first change after quiet counts at once", async () => {
  const { clock, quietWindow, looks } = follow();
  await clock.advance(5_000);
  quietWindow.changed();
  await settle();
  expect(looks).toEqual([{ atMs: 5_000, sinceMs: 5_000 }]);
});

test("what follows a published change is gathered until nothing has come for 100 ms", async () => {
  const { clock, quietWindow, looks } = follow();
  quietWindow.changed();
  await settle();
  for (let change = 1; change <= 5; change += 1) {
    await clock.advance(60);
    quietWindow.changed();
  }
  await clock.advance(1_000);
  expect(looks).toEqual([
    { atMs: 0, sinceMs: 0 },
    { atMs: 400, sinceMs: 60 },
  ]);
});

test("a burst that never ends is published every second", async () => {
  const { clock, quietWindow, looks } = follow();
  for (let change = 0; change < 70; change += 1) {
    quietWindow.changed();
    await clock.advance(50);
  }
  expect(looks.map(({ atMs }) => atMs)).toEqual([0, 1_050, 2_050, 3_050]);
});

test("changes that lie further apart than the quiet are each published at once", async () => {
  const { clock, quietWindow, looks } = follow();
  for (let change = 0; change < 4; change += 1) {
    quietWindow.changed();
    await clock.advance(150);
  }
  expect(looks.map(({ atMs }) => atMs)).toEqual([0, 150, 300, 450]);
});

describe("files of many routers", () => {
  test("keep a distance that grows with them", () => {
    expect([0, 100, 1_000, 5_000, 25_000].map(distanceMs)).toEqual([0, 20, 200, 1_000, 5_000]);
  });

  test("come one a second in a burst of 5,000 that never ends", async () => {
    const { clock, quietWindow, looks } = follow({ routers: 5_000 });
    for (let change = 0; change < 70; change += 1) {
      quietWindow.changed();
      await clock.advance(50);
    }
    expect(looks.map(({ atMs }) => atMs)).toEqual([0, 1_050, 2_050, 3_050]);
  });

  test("make even a change after quiet wait for the rest of the distance, and no later one", async () => {
    const { clock, quietWindow, looks } = follow({ routers: 5_000 });
    quietWindow.changed();
    await clock.advance(300);
    quietWindow.changed();
    await clock.advance(3_000);
    quietWindow.changed();
    await settle();
    expect(looks).toEqual([
      { atMs: 0, sinceMs: 0 },
      { atMs: 1_000, sinceMs: 300 },
      { atMs: 3_300, sinceMs: 3_300 },
    ]);
  });

  test("outlast what a burst is gathered for at most: 25,000 come every five seconds", async () => {
    const { clock, quietWindow, looks } = follow({ routers: 25_000 });
    for (let change = 0; change < 12; change += 1) {
      quietWindow.changed();
      await clock.advance(1_000);
    }
    expect(looks.map(({ atMs }) => atMs)).toEqual([0, 5_000, 10_000]);
  });

  test("do not put off an appointment", async () => {
    const { clock, quietWindow, looks } = follow({ routers: 25_000 });
    quietWindow.changed();
    await clock.advance(500);
    quietWindow.changed();
    quietWindow.lookAgainAt(START_MS + 2_000);
    await clock.advance(10_000);
    expect(looks.map(({ atMs }) => atMs)).toEqual([0, 2_000]);
  });
});

test("a look that published nothing does not delay the next", async () => {
  const { clock, quietWindow, looks } = follow({ publishes: false });
  quietWindow.changed();
  await clock.advance(10);
  quietWindow.changed();
  await settle();
  expect(looks.map(({ atMs }) => atMs)).toEqual([0, 10]);
});

test("an appointment is kept without any change, once", async () => {
  const { clock, quietWindow, looks } = follow();
  quietWindow.lookAgainAt(START_MS + 7_000);
  await clock.advance(60_000);
  expect(looks).toEqual([{ atMs: 7_000, sinceMs: 7_000 }]);
});

test("an appointment can be moved, and taken back", async () => {
  const { clock, quietWindow, looks } = follow();
  quietWindow.lookAgainAt(START_MS + 7_000);
  await clock.advance(1_000);
  quietWindow.lookAgainAt(START_MS + 3_000);
  await clock.advance(5_000);
  quietWindow.lookAgainAt(START_MS + 9_000);
  await clock.advance(1_000);
  quietWindow.lookAgainAt(undefined);
  await clock.advance(60_000);
  expect(looks.map(({ atMs }) => atMs)).toEqual([3_000]);
});

test("an appointment further away than a timer reaches is kept", async () => {
  const { clock, quietWindow, looks } = follow();
  const farMs = 2 ** 31 + 5_000;
  quietWindow.lookAgainAt(START_MS + farMs);
  await clock.advance(farMs - 1);
  expect(looks).toEqual([]);
  await clock.advance(1);
  expect(looks.map(({ atMs }) => atMs)).toEqual([farMs]);
});

test("a reload of the settings counts from the next change on", async () => {
  const { clock, timing, quietWindow, looks } = follow();
  timing.quietMs = 500;
  quietWindow.changed();
  await clock.advance(50);
  quietWindow.changed();
  await clock.advance(1_000);
  expect(looks.map(({ atMs }) => atMs)).toEqual([0, 550]);
});

test("an abort ends the waiting at once", async () => {
  const { clock, quietWindow, stop, looks, ended } = follow();
  quietWindow.lookAgainAt(START_MS + 7_000);
  await settle();
  stop.abort();
  await ended;
  expect(looks).toEqual([]);
  expect(clock.sleepingMs).toEqual([]);
});
