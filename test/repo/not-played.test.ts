import { expect, test } from "vitest";
import { notPlayedLine } from "../support/not-played.ts";

test("the last line of a run counts what was not played, and names the command and the images that would play it", () => {
  expect(notPlayedLine(417, ["traefik", "oracle"])).toBe(
    "NOT PLAYED: 417 tests, for want of traefik, oracle. To play them run test/tools/install, " +
      "which says what it lacks here; a container engine plays those of the images traefik:v3.6.12",
  );
});

test("where only our own program is missing no image is offered", () => {
  expect(notPlayedLine(9, ["oracle"])).toBe(
    "NOT PLAYED: 9 tests, for want of oracle. To play them run test/tools/install, which says what it lacks here",
  );
});

test("the browser, which is installed only where it is asked for, is asked for by name", () => {
  expect(notPlayedLine(30, ["chromium"])).toBe(
    "NOT PLAYED: 30 tests, for want of chromium. To play them run test/tools/install chromium, which says what it lacks here",
  );
});
