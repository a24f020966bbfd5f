import { expect, test } from "vitest";
import { coloursFor, PLAIN_TEXT } from "../../../src/cli/text/colour.ts";

test("colours are for a terminal", () => {
  expect(coloursFor({ isTTY: true }, { NO_COLOR: "" }).added("x")).toBe("\u001b[32mx\u001b[39m");
});

test.each([
  ["a pipe", {}, {}],
  ["NO_COLOR", { isTTY: true }, { NO_COLOR: "1" }],
  ["a terminal without colours", { isTTY: true }, { TERM: "dumb" }],
])("with %s there are none", (_, stream, environment) => {
  expect(coloursFor(stream, environment)).toBe(PLAIN_TEXT);
});
