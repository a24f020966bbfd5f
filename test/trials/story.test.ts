import { expect, test } from "vitest";
import { judgeStory } from "./story.ts";

function line(event: string, level = "info", msg = `${event} happened`): string {
  return JSON.stringify({ level, event, msg });
}

test("a short log with what must be told is a good story, and its headline is what was asked for", () => {
  const story = judgeStory(
    [[line("route.added"), line("chart.held", "warn"), line("source.failing", "warn")]],
    ["source.failing"],
  );
  expect(story).toEqual({ headline: "source.failing: source.failing happened", problems: [] });
});

test("more than a dozen lines of one process are too many; of two processes each has its dozen", () => {
  const dozen = Array.from({ length: 12 }, () => line("route.added"));
  expect(judgeStory([dozen, dozen], []).problems).toEqual([]);
  expect(judgeStory([[...dozen, line("chart.held")]], []).problems).toEqual([
    "the log has 13 lines: route.added ×12, chart.held",
  ]);
});

test("what every start says does not count", () => {
  const dozen = Array.from({ length: 12 }, () => line("route.added"));
  expect(judgeStory([[line("daemon.started"), line("traefik.unasked"), ...dozen]], []).problems).toEqual([]);
});

test("what is missing is named beside what is there", () => {
  expect(judgeStory([[line("route.added")]], ["chart.held"]).problems).toEqual([
    "the log does not tell chart.held; it tells route.added",
  ]);
});

test.each([
  ["on a line of its own", ["    at publish (file:///src/output/chart-file.ts:12:3)"]],
  ["inside a message", [line("chart.unwritable", "error", "Error: x\n    at publish (file.ts:12:3)")]],
])("a stack trace %s is found", (_, log) => {
  expect(judgeStory([log], []).problems).toContain("a stack trace in the log");
});
