import { expect, test } from "vitest";
import { jwtFlaw } from "../../../src/sources/credentials/jwt-flaw.ts";

const NOW_MS = Date.UTC(2026, 10, 30, 12);
const NOW_S = NOW_MS / 1_000;

function jwt(claims: unknown): string {
  return ["{}", JSON.stringify(claims), "signature"].map((one) => Buffer.from(one).toString("base64url")).join(".");
}

test.each<[string, string, RegExp | undefined]>([
  [
    "one that has expired",
    jwt({ exp: NOW_S - 60, aud: "nomadproject.io" }),
    /^the JWT expired at 2026-11-30T11:59:00Z: /,
  ],
  ["one that ends this moment", jwt({ exp: NOW_S }), /expired/],
  [
    "one of tomorrow",
    jwt({ nbf: NOW_S + 600, exp: NOW_S + 900 }),
    /not valid before 2026-11-30T12:10:00Z, .*timedatectl/,
  ],
  [
    "one of today",
    jwt({ nbf: NOW_S - 1, exp: NOW_S + 900, aud: ["vault.io"] }),
    /^the JWT is for the audience "vault\.io" \(aud\)$/,
  ],
  ["one without any end", jwt({ aud: ["a", "b"] }), /audience "a", "b"/],
  ["one without claims", jwt({}), undefined],
  ["claims that are no object", jwt(7), undefined],
  ["times that are no times", jwt({ exp: "soon", nbf: 1e300 }), undefined],
  ["a token of another kind", "5e12a7f0-c0de-4000-8000-00c0ffee0001", undefined],
  ["three parts that are no JWT", "a.b.c", undefined],
  ["none", "", undefined],
])("%s", (_what, token, flaw) => {
  const found = jwtFlaw(token, NOW_MS);
  if (flaw === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(flaw);
});

test("nothing of the token is in what is said of it, but its audience, cut to what a person reads", () => {
  const token = jwt({ aud: "x".repeat(5_000), sub: "secret-subject", jti: "s3cret" });
  const found = jwtFlaw(token, NOW_MS) ?? "";
  expect(found.length).toBeLessThan(150);
  expect(found).not.toMatch(/secret|s3cret/);
  for (const part of token.split(".")) expect(found).not.toContain(part.slice(0, 8));
});
