import { describe, expect, test } from "vitest";
import { createFileDistance, usualBusyMs } from "../../src/daemon/file-distance.ts";

const ROUTERS = 5_000;
const USUAL_MS = usualBusyMs(ROUTERS);

/** Files that follow each other as soon as they may, for so long; the times at which they came. `take` tells of each. */
function endless(
  forMs: number,
  take: (distance: ReturnType<typeof createFileDistance>, atMs: number) => void = () => {},
  distance = createFileDistance(),
): readonly number[] {
  const times: number[] = [];
  for (let nowMs = 0; nowMs < forMs; nowMs = Math.max(nowMs, distance.nextFileAtMs())) {
    times.push(nowMs);
    distance.published(ROUTERS, nowMs);
    take(distance, nowMs);
  }
  return times;
}

/** A Traefik that is seen to need so long. */
function taking(ms: number) {
  return (distance: ReturnType<typeof createFileDistance>, atMs: number) => {
    distance.told(false, atMs + ms / 2);
    distance.told(true, atMs + ms);
  };
}

test("Traefik takes longer for each router the more there are", () => {
  expect([0, 1_000, 5_000, 10_000, 25_000].map(usualBusyMs)).toEqual([50, 92, 500, 1_550, 8_300]);
});

test("the first file, and one after a long time, may come at once", () => {
  const distance = createFileDistance();
  expect(distance.nextFileAtMs()).toBe(Number.NEGATIVE_INFINITY);
  distance.published(ROUTERS, 0);
  expect(distance.nextFileAtMs()).toBeLessThan(1_000);
});

describe("a second file waits for Traefik alone", () => {
  test("for the usual time where nothing is told", () => {
    expect(endless(USUAL_MS + 1)).toEqual([0, USUAL_MS]);
  });
  test.each([100, 360, 2_000])("until it is seen to be taken after %d ms", (ms) => {
    expect(endless(ms + 1, taking(ms))).toEqual([0, ms]);
  });
  test("as usual again where the answers end", () => {
    const distance = createFileDistance();
    distance.published(ROUTERS, 0);
    distance.told(false, 300);
    expect(distance.nextFileAtMs()).toBe(4 * USUAL_MS);
    distance.told(undefined, 350);
    expect(distance.nextFileAtMs()).toBe(USUAL_MS);
    expect(distance.askAtMs()).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("a burst that never ends leaves Traefik a third of its time", () => {
  const FOR_MS = 600_000;
  const share = (times: readonly number[], busyMs: number) => (times.length * busyMs) / FOR_MS;

  test("where nothing is told", () => {
    const files = endless(FOR_MS);
    expect(share(files, USUAL_MS)).toBeLessThanOrEqual(0.68);
    expect(share(files, USUAL_MS)).toBeGreaterThan(0.65);
  });
  test.each([300, 550, 1_000, 2_000])("where it takes each file after %d ms", (ms) => {
    const files = endless(FOR_MS, taking(ms));
    expect(share(files, ms)).toBeLessThanOrEqual(0.68);
    expect(share(files, ms)).toBeGreaterThan(0.65);
  });
  test("where it is throttled to a file every two seconds, it is hardly slower than that", () => {
    let takenAtMs = Number.NEGATIVE_INFINITY;
    const files = endless(FOR_MS, (distance, atMs) => {
      takenAtMs = Math.max(atMs, takenAtMs - 360 + 2_000) + 360;
      distance.told(false, atMs + 1);
      distance.told(true, takenAtMs);
    });
    expect(files.length).toBeGreaterThan((0.8 * FOR_MS) / 2_000);
  });
});

describe("an API that lies", () => {
  test("and says at once that all is taken makes no more than two files in the usual time of one", () => {
    const files = endless(60_000, taking(0));
    expect(files.length).toBeLessThanOrEqual((2 * 60_000) / USUAL_MS);
  });
  test("and never says so delays a file by four times the usual time", () => {
    const files = endless(60_000, (distance, atMs) => distance.told(false, atMs + 1));
    expect(files[1]).toBe(4 * USUAL_MS);
    expect(files.length).toBeGreaterThanOrEqual(60_000 / (4 * USUAL_MS));
  });
});

test("a Traefik on a slow machine is remembered: where it stops answering, files wait for it as before", () => {
  const distance = createFileDistance();
  endless(20_000, taking(1_500), distance);
  distance.published(ROUTERS, 100_000);
  expect(distance.nextFileAtMs()).toBe(101_500);
});

test("it is asked from half the expected time on, and a small part of it later again", () => {
  const distance = createFileDistance();
  expect(distance.askAtMs()).toBe(Number.POSITIVE_INFINITY);
  distance.published(ROUTERS, 0);
  expect(distance.askAtMs()).toBe(USUAL_MS / 2);
  distance.told(false, 300);
  expect(distance.askAtMs()).toBe(300 + USUAL_MS / 16);
  distance.published(10, 1_000);
  distance.told(false, 1_030);
  expect(distance.askAtMs()).toBe(1_050);
});
