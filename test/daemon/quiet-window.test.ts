import { describe, expect, test } from "vitest";
import { createQuietWindow } from "../../src/daemon/quiet-window.ts";
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
  test("come as often as a burst is gathered, and no more often than Traefik can be busy two thirds of its time", async () => {
    const { clock, quietWindow, looks } = follow({ routers: 10_000 });
    for (let change = 0; change < 160; change += 1) {
      quietWindow.changed();
      await clock.advance(50);
    }
    // A file of 10,000 keeps Traefik busy for 1,550 ms.
    expect(looks.map(({ atMs }) => atMs)).toEqual([0, 1_550, 3_100, 4_650, 6_975]);
  });

  test("make even a change after quiet wait until Traefik has the last one, and no later one", async () => {
    const { clock, quietWindow, looks } = follow({ routers: 5_000 });
    quietWindow.changed();
    await clock.advance(300);
    quietWindow.changed();
    await clock.advance(3_000);
    quietWindow.changed();
    await settle();
    expect(looks).toEqual([
      { atMs: 0, sinceMs: 0 },
      { atMs: 500, sinceMs: 300 },
      { atMs: 3_300, sinceMs: 3_300 },
    ]);
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

describe("where Traefik can be asked", () => {
  /** Traefik takes each file so long after it was published; `asked` has the times of the questions. */
  function ask(followed: ReturnType<typeof follow>, takesMs: number) {
    const { clock, quietWindow, looks } = followed;
    const asked: number[] = [];
    quietWindow.asks(async () => {
      const atMs = clock.nowMs() - START_MS;
      asked.push(atMs);
      return atMs >= (looks.at(-1)?.atMs ?? 0) + takesMs;
    });
    return asked;
  }

  test("the next file follows when it has the last one", async () => {
    const followed = follow({ routers: 5_000 });
    const asked = ask(followed, 360);
    followed.quietWindow.changed();
    await followed.clock.advance(200);
    followed.quietWindow.changed();
    await followed.clock.advance(2_000);
    const [, second] = followed.looks;
    expect(second?.sinceMs).toBe(200);
    expect(second?.atMs).toBeGreaterThanOrEqual(360);
    expect(second?.atMs).toBeLessThanOrEqual(360 + 40);
    expect(asked.at(-1)).toBe(second?.atMs);
  });

  test("nothing is asked while nothing waits for the answer", async () => {
    const followed = follow({ routers: 5_000 });
    const asked = ask(followed, 360);
    followed.quietWindow.changed();
    await followed.clock.advance(60_000);
    followed.quietWindow.changed();
    await followed.clock.advance(60_000);
    expect(asked).toEqual([]);
  });

  test("a Traefik that never has it is waited for four times as long as usual, and no longer", async () => {
    const followed = follow({ routers: 5_000 });
    ask(followed, Number.POSITIVE_INFINITY);
    followed.quietWindow.changed();
    await followed.clock.advance(200);
    followed.quietWindow.changed();
    await followed.clock.advance(10_000);
    expect(followed.looks.map(({ atMs }) => atMs)).toEqual([0, 2_000]);
  });

  test.each([
    ["cannot tell", () => Promise.resolve(undefined)],
    ["does not answer, not even to the end of the question", () => new Promise<undefined>(() => {})],
  ])("one that %s costs no time: what is usual counts", async (_, answer) => {
    const { clock, quietWindow, looks } = follow({ routers: 5_000 });
    quietWindow.asks(answer);
    for (const waitMs of [300, 5_000, 300, 5_000]) {
      quietWindow.changed();
      await clock.advance(waitMs);
    }
    expect(looks.map(({ atMs }) => atMs)).toEqual([0, 500, 5_300, 5_800]);
  });

  test("an answer about an earlier file says nothing of the next one", async () => {
    const { clock, quietWindow, looks } = follow({ routers: 5_000 });
    let answer = (_: boolean) => {};
    quietWindow.asks(() => new Promise((resolve) => (answer = resolve)));
    quietWindow.changed();
    await clock.advance(300);
    quietWindow.changed();
    await clock.advance(3_000);
    quietWindow.changed();
    await clock.advance(200);
    quietWindow.changed();
    answer(true);
    await settle();
    expect(looks.map(({ atMs }) => atMs)).toEqual([0, 500, 3_300]);
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
