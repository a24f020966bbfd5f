import { expect, test } from "vitest";
import { longWaitMs } from "../../../src/sources/http/long-wait.ts";

test.each([
  { what: "few polls", polls: 1, random: 0.99, is: 60_000 },
  { what: "as many as fit into the default budget", polls: 64, random: 0.99, is: 60_000 },
  { what: "twice as many, drawn late", polls: 128, random: 1, is: 120_000 },
  { what: "twice as many, drawn early", polls: 128, random: 0, is: 60_000 },
  { what: "thousands never wait longer than the catalog allows", polls: 5_000, random: 1, is: 600_000 },
])("$what: $is ms", ({ polls, random, is }) => {
  expect(longWaitMs(60_000, polls, random, Infinity)).toBe(is);
});

test("a wait that is longer than the catalog's longest is left to the settings that ask for it", () => {
  expect(longWaitMs(900_000, 5_000, 0.5, Infinity)).toBe(900_000);
});

test.each([
  { what: "a process that has just begun", ageMs: 0, polls: 60, is: 1_000 },
  { what: "one of five seconds", ageMs: 5_000, polls: 60, is: 5_000 },
  { what: "one of an hour", ageMs: 3_600_000, polls: 60, is: 60_000 },
  { what: "one that has just begun thousands, each a load of its own", ageMs: 0, polls: 5_000, is: 20_000 },
])("$what leaves no query that is held longer than $is ms", ({ ageMs, polls, is }) => {
  expect(longWaitMs(60_000, polls, 0, ageMs)).toBe(is);
});
