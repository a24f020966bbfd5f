import { expect, test } from "vitest";
import { createDeferred } from "../../../src/base/deferred.ts";
import type { BlockingAnswer } from "../../../src/sources/catalog/blocking-answer.ts";
import { CatalogError } from "../../../src/sources/catalog/catalog-error.ts";
import { type BlockingQuery, followBlockingQuery } from "../../../src/sources/polling/blocking-query.ts";
import { createFakeClock, settle } from "../../fakes/fake-clock.ts";

type Reply = BlockingAnswer<string> | Error;

const REFUSED = new CatalogError("E_CATALOG_UNREACHABLE", "connection refused");

/** A query against a catalog that replies as the test tells it to, one reply for each request. */
function follow({ startIndex = 0n, untilWorthTrying }: Partial<BlockingQuery<string>> = {}) {
  const clock = createFakeClock(0);
  const stop = new AbortController();
  const asked: bigint[] = [];
  const reported: string[] = [];
  let pending = createDeferred<BlockingAnswer<string>>();
  const query: BlockingQuery<string> = {
    startIndex,
    fetch(index, signal) {
      asked.push(index);
      pending = createDeferred();
      const { reject } = pending;
      signal.addEventListener("abort", () => reject(new CatalogError("E_CATALOG_ABORTED", "stopped")));
      return pending.promise;
    },
    answered: (value, index) => reported.push(`${value} at ${index}`),
    reset: () => reported.push("reset"),
    failed: (error, retryInMs) => reported.push(`${error.catalogCode}, again in ${Math.round(retryInMs)} ms`),
    ...(untilWorthTrying === undefined ? {} : { untilWorthTrying }),
  };
  const ended = followBlockingQuery(query, { clock, random: () => 0 }, stop.signal);
  return {
    clock,
    stop,
    ended,
    /** The index of each request so far. */
    asked,
    /** Everything that was delivered, in order. */
    reported,
    async reply(reply: Reply): Promise<void> {
      if (reply instanceof Error) pending.reject(reply);
      else pending.resolve(reply);
      await settle();
    },
  };
}

function answer(value: string, index: string | undefined): BlockingAnswer<string> {
  return { value, index };
}

test("each answer is delivered, and its index is the next question", async () => {
  const query = follow();
  await query.reply(answer("a", "7"));
  await query.reply(answer("b", "9"));
  await query.clock.advance(1_000);
  await query.reply(answer("b", "9"));
  expect(query.asked).toEqual([0n, 7n, 9n, 9n]);
  expect(query.reported).toEqual(["a at 7", "b at 9", "b at 9"]);
});

test("a query starts where a complete read ended", () => {
  expect(follow({ startIndex: 42n }).asked).toEqual([42n]);
});

test("an index of 0 is asked as 1, which blocks", async () => {
  const query = follow();
  await query.reply(answer("a", "0"));
  expect(query.asked).toEqual([0n, 1n]);
});

test("a lower index is a reset: its answer is delivered, and everything is read again from 0", async () => {
  const query = follow();
  await query.reply(answer("a", "100"));
  await query.reply(answer("b", "5"));
  await query.clock.advance(1_000);
  await query.reply(answer("b", "6"));
  expect(query.reported).toEqual(["a at 100", "reset", "b at 0", "b at 6"]);
  expect(query.asked).toEqual([0n, 100n, 0n, 6n]);
});

test.each<[string, Reply]>([
  ["an error", REFUSED],
  ["an answer without an index", answer("?", undefined)],
  ["an index that is no number", answer("?", "soon")],
])("after %s the query starts again from index 0", async (_what, reply) => {
  const query = follow();
  await query.reply(answer("a", "100"));
  await query.reply(reply);
  await query.clock.advance(1_000);
  await query.reply(answer("b", "101"));
  expect(query.asked).toEqual([0n, 100n, 0n, 101n]);
  expect(query.reported).toEqual(["a at 100", expect.stringMatching(/^E_CATALOG/), "b at 101"]);
});

test("an answer without a sound index brings nothing, whatever stands in it", async () => {
  const query = follow();
  await query.reply(answer("a", "100"));
  await query.reply(answer("<html>", undefined));
  expect(query.reported).toEqual(["a at 100", "E_CATALOG_NO_INDEX, again in 20 ms"]);
});

test("a catalog that comes back with lower indexes after an outage is recognised as another one", async () => {
  const query = follow();
  await query.reply(answer("a", "100"));
  for (let failure = 0; failure < 5; failure += 1) {
    await query.reply(REFUSED);
    await query.clock.advance(1_000);
  }
  await query.reply(answer("b", "12"));
  expect(query.reported.slice(-2)).toEqual(["reset", "b at 0"]);
});

test("one that comes back with the indexes it had is not", async () => {
  const query = follow();
  await query.reply(answer("a", "100"));
  await query.reply(REFUSED);
  await query.clock.advance(1_000);
  await query.reply(answer("a", "100"));
  expect(query.reported).not.toContain("reset");
});

test("pauses grow to at most 1 s while failures last, and begin anew after a success", async () => {
  const query = follow();
  for (let failure = 0; failure < 6; failure += 1) {
    await query.reply(REFUSED);
    await query.clock.advance(1_000);
  }
  await query.reply(answer("a", "1"));
  await query.reply(REFUSED);
  const pauses = query.reported
    .filter((line) => line.startsWith("E_"))
    .map((line) => Number(/in (\d+)/.exec(line)?.[1]));
  expect(pauses).toEqual([20, 40, 80, 100, 100, 100, 20]);
});

test("a query never ends by itself, however often it fails", async () => {
  const query = follow();
  for (let failure = 0; failure < 500; failure += 1) {
    await query.reply(REFUSED);
    await query.clock.advance(1_000);
  }
  expect(query.asked).toHaveLength(501);
  await query.reply(answer("a", "1"));
  expect(query.reported.at(-1)).toBe("a at 1");
});

test("429 is waited out as long as the catalog asked", async () => {
  const query = follow();
  await query.reply(new CatalogError("E_CATALOG_BUSY", "too many", 7_000));
  await query.clock.advance(6_999);
  expect(query.asked).toEqual([0n]);
  await query.clock.advance(1);
  expect(query.asked).toEqual([0n, 0n]);
});

test("a catalog whose index moves with every answer is asked five times a second, after a burst of two", async () => {
  const query = follow();
  for (let index = 1; index <= 100; index += 1) {
    await query.reply(answer("busy", String(index)));
    await query.clock.advance(50);
  }
  expect(query.clock.nowMs()).toBe(5_000);
  expect(query.asked.length).toBeLessThanOrEqual(5 * 5 + 2);
  expect(query.asked.length).toBeGreaterThan(20);
});

test("a single change is asked about again at once", async () => {
  const query = follow({ startIndex: 1n });
  await query.clock.advance(30_000);
  await query.reply(answer("a", "2"));
  expect(query.asked).toEqual([1n, 2n]);
});

test("after a failure it waits until it is worth trying again", async () => {
  const regained = createDeferred();
  const query = follow({ untilWorthTrying: () => regained.promise });
  await query.reply(REFUSED);
  await query.clock.advance(60_000);
  expect(query.asked).toEqual([0n]);
  regained.resolve();
  await settle();
  expect(query.asked).toEqual([0n, 0n]);
});

test.each<[string, (query: ReturnType<typeof follow>) => Promise<void>]>([
  ["in a request", async () => {}],
  ["in the pause after a failure", (query) => query.reply(REFUSED)],
  [
    "in the pause of the floor",
    async (query) => {
      for (const index of ["1", "2", "3"]) await query.reply(answer("a", index));
    },
  ],
])("an abort %s ends it at once, and nothing more is reported", async (_when, come) => {
  const query = follow();
  await come(query);
  const reported = [...query.reported];
  query.stop.abort();
  await query.ended;
  expect(query.reported).toEqual(reported);
});

test("an answer that comes after the abort is not delivered", async () => {
  const stop = new AbortController();
  const late = createDeferred<BlockingAnswer<string>>();
  const delivered: string[] = [];
  const ended = followBlockingQuery(
    { startIndex: 0n, fetch: () => late.promise, answered: (value) => delivered.push(value), failed() {} },
    { clock: createFakeClock(), random: () => 0 },
    stop.signal,
  );
  stop.abort();
  late.resolve(answer("late", "5"));
  await ended;
  expect(delivered).toEqual([]);
});

test("a failure that is not the catalog's is a bug, and is thrown", async () => {
  const query = follow();
  const ended = expect(query.ended).rejects.toThrow("bug");
  await query.reply(new TypeError("bug"));
  await ended;
});
