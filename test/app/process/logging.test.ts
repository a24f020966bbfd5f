import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { openLog } from "../../../src/app/process/logging.ts";

function logged(
  format: "auto" | "json" | "pretty",
  isTTY: boolean,
  environment: Readonly<Record<string, string>>,
): string {
  let text = "";
  const stream = Object.assign(new EventEmitter(), {
    isTTY,
    write: (part: string) => {
      text += part;
    },
  });
  openLog({ level: "info", format }, stream, environment).emit("daemon.stopped", "the message");
  return text;
}

test("on a terminal the log is for a person, with colours", () => {
  expect(logged("auto", true, {})).toContain("\u001b[32m");
  expect(logged("auto", true, { NO_COLOR: "" })).toContain("\u001b[32m");
});

test.each([
  ["NO_COLOR", true, { NO_COLOR: "1" }],
  ["a terminal without colours", true, { TERM: "dumb" }],
  ["a pipe", false, {}],
])("with %s it has none", (_, isTTY, environment) => {
  expect(logged("pretty", isTTY, environment)).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: the message\n$/);
});

test("into a pipe it is for machines", () => {
  expect(JSON.parse(logged("auto", false, {}))).toMatchObject({ event: "daemon.stopped", msg: "the message" });
});
