import { describe, expect, test } from "vitest";
import { createEventLog, type EventLogOptions } from "../../../src/observe/log/event-log.ts";

function logged(options: Partial<EventLogOptions> = {}) {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  return { lines, log: createEventLog({ level: "info", format: "json", destination, ...options }) };
}

describe("JSON", () => {
  test("a line has its event, level, time, message and data", () => {
    const { log, lines } = logged();
    log.emit("route.added", "route web came", { router: "web" });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toEqual({
      level: "info",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      event: "route.added",
      router: "web",
      msg: "route web came",
    });
  });

  test("each event has its own level", () => {
    const { log, lines } = logged();
    log.emit("chart.unwritable", "x");
    log.emit("chart.held", "x");
    expect(lines.map((line) => JSON.parse(line).level)).toEqual(["error", "warn"]);
  });
});

test("what is below the level is not logged, and the level can change", () => {
  const { log, lines } = logged({ level: "warn" });
  log.emit("route.added", "quiet");
  log.setLevel("debug");
  log.emit("chart.published", "loud");
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(["loud"]);
});

test("pretty is one readable line, without the data that the message says already", () => {
  const { log, lines } = logged({ format: "pretty" });
  log.emit("route.added", "route web came", { router: "web", servers: 1 });
  expect(lines.join("")).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: route web came\n$/);
});

test.each(["json", "pretty"] as const)("no control character of a tag reaches a terminal (%s)", (format) => {
  const { log, lines } = logged({ format });
  log.emit("diagnostic.found", "tag \u001b[2J\u0007\n\u009bx", { node: "\u009b2J\u202e\u2028", "\u0085": "\n" });
  expect(lines).toHaveLength(1);
  const [line = ""] = lines;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(line.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u202e]/);
  expect(line).toContain("u001b");
  if (format === "json") expect(JSON.parse(line)).toMatchObject({ node: "\u009b2J\u202e\u2028", "\u0085": "\n" });
});
