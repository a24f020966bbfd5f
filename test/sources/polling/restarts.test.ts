import { expect, test } from "vitest";
import { createRestarts } from "../../../src/sources/polling/restarts.ts";
import { createFakeClock } from "../../fakes/fake-clock.ts";

function world() {
  const clock = createFakeClock();
  const ending = new AbortController();
  const restarts = createRestarts(clock, ending.signal);
  const told = { one: 0, other: 0 };
  const forget = restarts.onRestart(() => {
    told.one += 1;
  });
  restarts.onRestart(() => {
    told.other += 1;
  });
  return { clock, restarts, told, forget };
}

test("the first fall is told to every query at once", () => {
  const { restarts, told } = world();
  restarts.startAnew();
  expect(told).toEqual({ one: 1, other: 1 });
});

test("one that follows soon after is told once, and no earlier than 5 s after the last", async () => {
  const { clock, restarts, told } = world();
  restarts.startAnew();
  await clock.advance(1_000);
  restarts.startAnew();
  restarts.startAnew();
  await clock.advance(3_999);
  expect(told.one).toBe(1);
  await clock.advance(1);
  expect(told.one).toBe(2);
  await clock.advance(60_000);
  expect(told.one).toBe(2);
  restarts.startAnew();
  expect(told.one).toBe(3);
});

test("a query that has ended is told no more", async () => {
  const { clock, restarts, told, forget } = world();
  restarts.startAnew();
  restarts.startAnew();
  forget();
  await clock.advance(5_000);
  expect(told).toEqual({ one: 1, other: 2 });
});
