import { expect, test } from "vitest";
import { type Departure, recentlyDeregisteredNow } from "../../../src/core/removals/recently-deregistered.ts";
import { instance, NOW_MS } from "../../builders/world.ts";

const [web, api, shop] = ["web", "api", "shop"].map((service, i) =>
  instance({ service, id: service, port: 24_001 + i }),
);
const NOBODY: readonly Departure[] = [];

test("who leaves or moves is remembered for ten minutes", () => {
  const moved = { ...api!, port: 24_009 };
  const gone = recentlyDeregisteredNow(NOBODY, [web!, api!, shop!], [moved, shop!], NOW_MS);
  expect(gone.map((one) => one.place.service)).toEqual(["web", "api"]);
  expect(recentlyDeregisteredNow(gone, [moved], [moved], NOW_MS + 599_999)).toBe(gone);
  expect(recentlyDeregisteredNow(gone, [moved], [moved], NOW_MS + 600_000)).toEqual([]);
});

test("whose checks or tags change has not left", () => {
  const other = { ...web!, tags: [], checks: [] };
  expect(recentlyDeregisteredNow(NOBODY, [web!, api!], [other, api!], NOW_MS)).toBe(NOBODY);
});

test("who has left a place to which another service comes is remembered there no more: they never were there together", () => {
  const [at] = [{ ...web!, service: "job", id: "job" }];
  const gone = recentlyDeregisteredNow(NOBODY, [web!, api!], [api!], NOW_MS);
  expect(recentlyDeregisteredNow(gone, [api!], [api!, at!], NOW_MS + 1_000)).toEqual([]);
  expect(recentlyDeregisteredNow(NOBODY, [web!, api!], [at!, api!], NOW_MS)).toEqual([]);
  const again = { ...web!, id: "web-again" };
  expect(recentlyDeregisteredNow(gone, [api!], [api!, again], NOW_MS + 1_000)).toBe(gone);
  const beside = recentlyDeregisteredNow(gone, [api!, at!], [api!, at!], NOW_MS + 1_000);
  expect(beside).toBe(gone);
});
