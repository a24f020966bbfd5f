import { expect, test } from "vitest";
import { nearest } from "../../src/base/nearest.ts";

test.each([
  ["ruel", ["rule", "priority"], "rule"],
  ["Hots", ["Host", "Path"], "Host"],
  ["entrypoint", ["entryPoints", "middlewares"], "entryPoints"],
  ["prority", ["priority", "rule"], "priority"],
  ["servce", ["service", "rule"], "service"],
  ["tsl", ["tls", "rule"], "tls"],
  ["zzz", ["rule", "tls"], undefined],
  ["x".repeat(50), ["x".repeat(49)], undefined],
])("%s was meant to be one of %j: %s", (word, candidates, meant) => {
  expect(nearest(word, candidates)).toBe(meant);
});
