import { expect, test } from "vitest";
import { createDeferred } from "../../../src/base/deferred.ts";
import { createConnectionBudget } from "../../../src/sources/http/connection-budget.ts";
import { settle } from "../../fakes/fake-clock.ts";

test("no more work runs at a time than there are permits, and those who wait go in their order", async () => {
  const budget = createConnectionBudget(2);
  const started: number[] = [];
  const works = [0, 1, 2, 3].map(() => createDeferred());
  const all = works.map((work, number) =>
    budget.spend(async () => {
      started.push(number);
      await work.promise;
    }),
  );
  await settle();
  expect(started).toEqual([0, 1]);
  expect(budget.inUse).toBe(2);

  works[1]?.resolve();
  await settle();
  expect(started).toEqual([0, 1, 2]);
  expect(budget.inUse).toBe(2);

  for (const work of works) work.resolve();
  await Promise.all(all);
  expect(started).toEqual([0, 1, 2, 3]);
  expect(budget.inUse).toBe(0);
});

test("work that fails gives its permit back and its error on", async () => {
  const budget = createConnectionBudget(1);
  const waiting = [1, 2].map((number) =>
    budget.spend(async () => {
      throw new Error(`work ${number}`);
    }),
  );
  expect((await Promise.allSettled(waiting)).map((one) => String("reason" in one && one.reason))).toEqual([
    "Error: work 1",
    "Error: work 2",
  ]);
  expect(budget.inUse).toBe(0);
  expect(await budget.spend(async () => "goes on")).toBe("goes on");
});
