import { expect, test } from "vitest";
import { longWaitMs } from "../../../src/sources/http/long-wait.ts";

test.each([
  { what: "few polls", polls: 1, random: 0.99, is: 60_000 },
  { what: "as many as fit into the default budget", polls: 64, random: 0.99, is: 60_000 },
  { what: "twice as many, drawn late", polls: 128, random: 1, is: 120_000 },
  { what: "twice as many, drawn early", polls: 128, random: 0, is: 60_000 },
  { what: "thousands never wait longer than the catalog allows", polls: 5_000, random: 1, is: 600_000 },
])("$what: $is ms", ({ polls, random, is }) => {
  expect(longWaitMs(60_000, polls, random)).toBe(is);
});

test("a wait that is longer than the catalog's longest is left to the settings that ask for it", () => {
  expect(longWaitMs(900_000, 5_000, 0.5)).toBe(900_000);
});
