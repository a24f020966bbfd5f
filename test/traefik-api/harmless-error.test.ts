import { expect, test } from "vitest";
import { harmlessError } from "../../src/traefik-api/harmless-error.ts";

test.each([
  ["error parsing BasicUser: ann$2y$05$EIbt5xVIuTPqFkKgYL5yIe", "error parsing BasicUser: ***"],
  ["error parsing DigestUser: ann:realm", "error parsing DigestUser: ***"],
  ["error while parsing rule Header(`X-Key`, `s3cret`: 1:6", "error while parsing rule ***"],
  ["bad user ann:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/ found", "bad user ann:*** found"],
  ["bad user ann:{SHA}d95o2uzYI7q7tY7bHI4U1xBug7s=", "bad user ann:***"],
  ['parse "http://ann:s3cret@host:x": invalid port', 'parse "http://***@host:x": invalid port'],
  ['middleware "auth@file" does not exist', 'middleware "auth@file" does not exist'],
  ["\u001b[31mred\r\nnext\u202eline", "\\u001b[31mred\\u000d\\u000anext\\u202eline"],
])("%j is shown as %j", (text, shown) => {
  expect(harmlessError(text)).toBe(shown);
});

test("a long one is cut", () => {
  expect(harmlessError("x".repeat(1_000_000))).toHaveLength(300);
});
