import { expect, test } from "vitest";
import { didYouMean } from "../../../src/cli/text/did-you-mean.ts";

test.each([
  ["web-shpo", ["web-shop", "web-blog"], '; did you mean "web-shop"?'],
  ["shop.example.og", ["shop.example.org"], '; did you mean "shop.example.org"?'],
  ["zebra", ["web-shop"], ""],
  ["web-shpo", [], ""],
  ["we\u202eb", ["we\u202db"], '; did you mean "we\\u202db"?'],
])("%j among %j", (word, candidates, expected) => {
  expect(didYouMean(word, candidates)).toBe(expected);
});
