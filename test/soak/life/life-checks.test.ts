import { describe, expect, test } from "vitest";
import { type Figures, growth } from "./figures.ts";
import { strangeLines } from "./log-lines.ts";

describe("the log of a life", () => {
  test("may hold events of any level", () => {
    expect(strangeLines('{"level":"warn","event":"source.failing","msg":"status 500"}\n')).toEqual([]);
  });

  test.each([
    ["a warning of Node's", "(node:1) MaxListenersExceededWarning: Possible EventTarget memory leak detected."],
    ["a rejection without a handler", '{"event":"daemon.failed","msg":"unhandled rejection"}'],
    ["a stack", JSON.stringify({ event: "x", msg: "TypeError: a\n    at f (file.js:1:2)" })],
    ["a stack beside the message", JSON.stringify({ event: "x", err: { stack: "Error" } })],
    ["half a line", '{"level":"info","event":"route.a'],
  ])("shows %s", (_, line) => {
    expect(strangeLines(`{"event":"route.added"}\n${line}\n`)).toEqual([line]);
  });
});

describe("the figures of a life", () => {
  const start: Figures = { heapMb: 25, residentMb: 120, sockets: 10, files: 20 };

  test("may change a little, and sockets as far as the budget", () => {
    expect(growth(start, { heapMb: 27, residentMb: 130, sockets: 60, files: 21 }, 64)).toEqual([]);
  });

  test.each<[keyof Figures, number]>([
    ["heapMb", 40],
    ["residentMb", 300],
    ["sockets", 80],
    ["files", 40],
  ])("show that %s has grown", (what, value) => {
    expect(growth(start, { ...start, [what]: value }, 64)).toEqual([expect.stringContaining(what)]);
  });
});
