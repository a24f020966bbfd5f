import { expect, test } from "vitest";
import { createDeferred } from "../../../src/base/deferred.ts";
import { createConnectionBudget } from "../../../src/sources/http/connection-budget.ts";
import { settle } from "../../fakes/fake-clock.ts";

test("no more work runs at a time than there are permits, and those who wait go in their order", async () => {
  const budget = createConnectionBudget(2);
  const started: number[] = [];
  const works = [0, 1, 2, 3].map(() => createDeferred());
  const all = works.map((work, number) =>
    budget.spend("read", async () => {
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
    budget.spend("read", async () => {
      throw new Error(`work ${number}`);
    }),
  );
  expect((await Promise.allSettled(waiting)).map((one) => String("reason" in one && one.reason))).toEqual([
    "Error: work 1",
    "Error: work 2",
  ]);
  expect(budget.inUse).toBe(0);
  expect(await budget.spend("read", async () => "goes on")).toBe("goes on");
});

test("reads go before long polls, and long polls leave room for them", async () => {
  const budget = createConnectionBudget(8);
  const end = createDeferred();
  const started: string[] = [];
  const spend = (kind: "read" | "poll") =>
    budget.spend(kind, async () => {
      started.push(kind);
      await end.promise;
    });
  const all = [...Array.from({ length: 10 }, () => spend("poll")), spend("read"), spend("read"), spend("read")];
  await settle();
  expect(started.filter((kind) => kind === "poll")).toHaveLength(6);
  expect(started.filter((kind) => kind === "read")).toHaveLength(2);
  expect(budget.isCrowded).toBe(true);
  end.resolve();
  await Promise.all(all);
});

test.each([
  { inUse: 2, allowed: 1 },
  { inUse: 3, allowed: 1 },
  { inUse: 4, allowed: 2 },
  { inUse: 41, allowed: 30 },
])(
  "refused with $inUse in flight, it goes on with $allowed, so that others get some too",
  async ({ inUse, allowed }) => {
    const budget = createConnectionBudget(64);
    const shortages: (number | undefined)[] = [];
    budget.onShortage((shortage) => shortages.push(shortage?.allowed));
    const end = createDeferred();
    const all = Array.from({ length: inUse }, () => budget.spend("read", () => end.promise));
    await settle();
    budget.refused();
    expect(budget.allowed).toBe(allowed);
    expect(shortages).toEqual([allowed]);
    end.resolve();
    await Promise.all(all);
  },
);

test("it grows by a few a minute, and tells when all are used again", async () => {
  let nowMs = 0;
  const budget = createConnectionBudget(8, { nowMs: () => nowMs });
  const shortages: (number | undefined)[] = [];
  budget.onShortage((shortage) => shortages.push(shortage?.allowed));
  const spend = () => budget.spend("read", async () => {});
  await budget.spend("read", async () => budget.refused());
  const allowed: number[] = [];
  for (let minute = 0; minute < 8; minute += 1) {
    nowMs += 60_000;
    await spend();
    await spend();
    allowed.push(budget.allowed);
  }
  expect(allowed).toEqual([2, 3, 4, 5, 6, 7, 8, 8]);
  expect(shortages).toEqual([1, undefined]);
});

test("over HTTP/2 a refusal says nothing about connections", async () => {
  const budget = createConnectionBudget(8, { requestsPerConnection: () => 250 });
  await budget.spend("read", async () => budget.refused());
  expect(budget.allowed).toBe(8);
});

test("a poll that is left to its end keeps its connection, and a new one may use one that is kept for reads", async () => {
  const budget = createConnectionBudget(8);
  const end = createDeferred();
  const started: string[] = [];
  const spend = (name: string, isLeft: boolean) =>
    budget.spend("poll", async (leave) => {
      started.push(name);
      if (isLeft) leave();
      await end.promise;
    });
  const all = ["a", "b", "c", "d", "e", "f"].map((name) => spend(name, true));
  await settle();
  expect(budget.inUse).toBe(0);
  all.push(spend("next", false), spend("after that", false));
  await settle();
  expect(started).toEqual(["a", "b", "c", "d", "e", "f", "next"]);
  end.resolve();
  await Promise.all(all);
});
