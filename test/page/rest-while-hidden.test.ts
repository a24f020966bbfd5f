import { expect, test } from "vitest";
import { createLive } from "../../src/page/live/live.ts";
import { restWhileHidden, type Visibility } from "../../src/page/live/rest-while-hidden.ts";
import { createFakeWorld, pagesOf } from "./fake-world.ts";
import { statusAnswer } from "./status-answer.ts";

/** A page in a tab, and the tab brought to the front or put into the background. */
function openTab(visibilityState: Visibility["visibilityState"]) {
  const world = createFakeWorld();
  world.answers.set("v1/status", () => statusAnswer());
  world.answers.set("v1/events", () => ({ events: [], last: 0, isComplete: true }));
  world.answers.set("v1/holds", () => ({ holds: [] }));
  world.answers.set(
    "v1/routes",
    pagesOf(() => []),
  );
  let state = visibilityState;
  let hear = () => {};
  const live = createLive(world);
  live.want("holds");
  live.start();
  restWhileHidden(
    live,
    {
      get visibilityState() {
        return state;
      },
      addEventListener: (_event, listener) => {
        hear = listener;
      },
    },
    world,
  );
  return {
    world,
    turn(next: Visibility["visibilityState"]) {
      state = next;
      hear();
    },
  };
}

test("a tab that is opened in the background reads no list, and rests after five minutes", async () => {
  const { world, turn } = openTab("hidden");
  await world.pass(60_000);
  expect(world.reads).not.toContain("v1/holds");
  expect(world.reads).toContain("v1/status");
  await world.pass(241_000);
  const { length } = world.reads;
  await world.pass(600_000);
  expect([world.reads.length, world.streams]).toEqual([length, []]);
  turn("visible");
  await world.pass(10);
  expect(world.streams).toHaveLength(1);
  expect(world.reads.slice(length)).toContain("v1/holds");
});

test("a tab that is looked at again in time has not rested", async () => {
  const { world, turn } = openTab("visible");
  await world.pass(10);
  turn("hidden");
  await world.pass(200_000);
  turn("visible");
  const { length } = world.reads;
  await world.pass(200_000);
  expect(world.reads.length).toBeGreaterThan(length);
});
