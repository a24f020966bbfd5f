import { expect, test } from "vitest";
import type { NomadTask } from "../../src/core/catalog/nomad-task.ts";
import { nomadWords } from "../../src/observe/nomad-words.ts";

const allocation = "96ae0c8b";

test.each<[Partial<NomadTask>, string]>([
  [{}, ""],
  [{ job: "shop", group: "app", allocation, toldBy: "nomad" }, " (job shop, group app, alloc 96ae0c8b)"],
  [
    { jobNamespace: "team", job: "shop", task: "web", allocation, toldBy: "nomad" },
    " (job team/shop, task web, alloc 96ae0c8b)",
  ],
  [{ group: "app", allocation, toldBy: "id" }, " (id says group app, alloc 96ae0c8b)"],
  [{ allocation, toldBy: "id" }, " (id says alloc 96ae0c8b)"],
  [{ allocation, toldBy: "refuted" }, " (id says alloc 96ae0c8b, which Nomad has elsewhere)"],
  [
    { group: "x, alloc 0) (job bank", allocation, toldBy: "id" },
    ' (id says group "x, alloc 0) (job bank", alloc 96ae0c8b)',
  ],
])("%j is told as%s", (task, words) => {
  expect(nomadWords(task)).toBe(words);
});

test("long names leave room for the rest of the line", () => {
  const long = "x".repeat(128);
  expect(nomadWords({ job: long, group: long, task: long, allocation, toldBy: "nomad" }).length).toBeLessThan(250);
});
