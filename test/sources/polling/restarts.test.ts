import { expect, test } from "vitest";
import { createRestarts } from "../../../src/sources/polling/restarts.ts";
import { createFakeClock } from "../../fakes/fake-clock.ts";

function world() {
  const clock = createFakeClock();
  const ending = new AbortController();
  const restarts = createRestarts(clock, ending.signal);
  const reported = { one: 0, other: 0 };
  const forget = restarts.onRestart(() => {
    reported.one += 1;
  });
  restarts.onRestart(() => {
    reported.other += 1;
  });
  return { clock, restarts, reported, forget };
}

test("the first fall reaches every query at once", () => {
  const { restarts, reported } = world();
  restarts.startAnew();
  expect(reported).toEqual({ one: 1, other: 1 });
});

test("one that follows soon after is reported once, and no earlier than 5 s after the last", async () => {
  const { clock, restarts, reported } = world();
  restarts.startAnew();
  await clock.advance(1_000);
  restarts.startAnew();
  restarts.startAnew();
  await clock.advance(3_999);
  expect(reported.one).toBe(1);
  await clock.advance(1);
  expect(reported.one).toBe(2);
  await clock.advance(60_000);
  expect(reported.one).toBe(2);
  restarts.startAnew();
  expect(reported.one).toBe(3);
});

test("a query that has ended is called back no more", async () => {
  const { clock, restarts, reported, forget } = world();
  restarts.startAnew();
  restarts.startAnew();
  forget();
  await clock.advance(5_000);
  expect(reported).toEqual({ one: 1, other: 2 });
});
