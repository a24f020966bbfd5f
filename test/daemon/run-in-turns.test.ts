import { expect, test } from "vitest";
import { runInTurns } from "../../src/daemon/run-in-turns.ts";

/** Steps that take a few milliseconds each on a clock of their own. */
function createWork(count: number, stepMs: number) {
  const work = { nowMs: 0, done: 0 };
  function* steps(): Generator<void, string> {
    for (; work.done < count; work.done += 1) {
      work.nowMs += stepMs;
      yield;
    }
    return "done";
  }
  return { work, clock: { nowMs: () => work.nowMs }, steps };
}

test("requests and timers are handled after every ten milliseconds of work", async () => {
  const { work, clock, steps } = createWork(100, 3);
  const seen: number[] = [];
  const working = runInTurns(steps(), clock);
  let isOver = false;
  void working.then(() => {
    isOver = true;
  });
  while (!isOver) {
    seen.push(work.nowMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await working).toBe("done");
  expect(seen.length).toBeGreaterThan(20);
  for (const [i, nowMs] of seen.entries()) expect(nowMs - (seen[i - 1] ?? 0)).toBeLessThanOrEqual(2 * 12);
});

test("work that takes less is done at once", async () => {
  const { work, clock, steps } = createWork(3, 3);
  const working = runInTurns(steps(), clock);
  expect(work.done).toBe(3);
  expect(await working).toBe("done");
});

test("an error in a step rejects the whole", async () => {
  function* failing(): Generator<void, string> {
    yield;
    throw new Error("bug");
  }
  await expect(runInTurns(failing(), { nowMs: () => 0 })).rejects.toThrow("bug");
});
