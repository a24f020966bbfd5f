import { expect, test } from "vitest";
import { createDeferred } from "../../../src/base/deferred.ts";
import { forEachParallel } from "../../../src/sources/polling/work-pool.ts";
import { settle } from "../../fakes/fake-clock.ts";

test("every item is worked on once, no more at a time than allowed", async () => {
  const done: number[] = [];
  let running = 0;
  let most = 0;
  await forEachParallel([1, 2, 3, 4, 5], 2, async (item) => {
    running += 1;
    most = Math.max(most, running);
    await settle();
    running -= 1;
    done.push(item);
  });
  expect(done.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});

test("after a failure nothing is started, what runs is awaited, and the first failure is thrown", async () => {
  const slow = createDeferred();
  const started: number[] = [];
  let isSettled = false;
  const all = forEachParallel([1, 2, 3, 4], 2, async (item) => {
    started.push(item);
    if (item === 1) throw new Error("first");
    await slow.promise;
    throw new Error("second");
  }).finally(() => {
    isSettled = true;
  });
  const failure = expect(all).rejects.toThrow("first");
  await settle();
  expect(isSettled).toBe(false);
  slow.resolve();
  await failure;
  expect(started).toEqual([1, 2]);
});
