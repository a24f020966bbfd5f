import { expect, test } from "vitest";
import { SERVER_HEADER } from "../../src/api/refusal.ts";
import { answerError } from "../../src/page/live/answer-error.ts";

const REFUSAL = { code: "E_API_BUSY", message: "ask again" };

test.each([
  ["an answer", { status: 200, server: SERVER_HEADER, found: {} }, undefined],
  ["an answer behind a proxy that names itself", { status: 200, server: "nginx", found: {} }, undefined],
  ["a page to sign in", { status: 200, server: "nginx", found: undefined }, "away"],
  ["a refusal", { status: 503, server: SERVER_HEADER, found: REFUSAL }, "refused"],
  ["a refusal behind a proxy that names itself", { status: 503, server: "nginx", found: REFUSAL }, "refused"],
  ["a listener with too many requests", { status: 503, server: SERVER_HEADER, found: undefined }, "refused"],
  ["a proxy with no daemon behind it", { status: 502, server: "nginx", found: undefined }, "away"],
  ["a proxy that wants a password", { status: 401, server: null, found: { error: "who?" } }, "away"],
  ["another version", { status: 200, server: "portolan/0", found: {} }, "changed"],
  ["a refusal of another version", { status: 503, server: "portolan/0", found: REFUSAL }, "changed"],
] as const)("%s: %j is %s", (_what, answer, kind) => {
  expect(answerError(answer)?.kind).toBe(kind);
});
