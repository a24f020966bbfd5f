import { expect, test } from "vitest";
import { caretLine } from "../../../src/cli/text/caret.ts";
import type { Spot } from "../../../src/core/diagnostics/diagnostics.ts";

test.each<[string, string, Spot, string]>([
  ["a part of the key", "traefik.http.routers.x.ruel=1", { in: "key", text: "ruel" }, "                       ^^^^"],
  [
    "the part, not a piece of another",
    "traefik.http.routers.http2.http=1",
    { in: "key", text: "http2" },
    "                     ^^^^^",
  ],
  ["a part in front of an index", "a.domains[0].x=1", { in: "key", text: "domains" }, "  ^^^^^^^"],
  ["what crosses dots", "a..b=1", { in: "key", text: ".." }, " ^^"],
  ["the whole key where the piece is not found", "abc=1", { in: "key", text: "zzz" }, "^^^"],
  ["the value", "a.b=yes", { in: "value" }, "    ^^^"],
  [
    "a place in the value",
    "a.b=Host(`x`) && Nope(`y`)",
    { in: "value", offset: 13, text: "Nope" },
    "                 ^^^^",
  ],
  ["an empty value", "a.b=", { in: "value" }, "    ^"],
])("carets under %s", (_, tag, spot, line) => {
  expect(caretLine(tag, spot)).toBe(line);
});
