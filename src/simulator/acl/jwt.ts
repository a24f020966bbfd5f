import { verify } from "node:crypto";
import { refused } from "../state/definition.ts";
import type { AuthMethod } from "./records.ts";

/** Consul's: how far a token may be past its end or before its beginning, and what a clock may be wrong by. */
const LEEWAY_SECONDS = 150;
const SKEW_SECONDS = 60;

export type Claims = Readonly<Record<string, unknown>>;

/** The algorithms of JWT that are known here, as Node names their digests. */
const DIGESTS: Readonly<Record<string, string>> = { RS256: "sha256", ES256: "sha256", RS512: "sha512", EdDSA: "" };

/**
 * A signed JWT → its claims, if the auth method accepts it at this time. Throws E_SIMULATOR_REFUSED, in Consul's words;
 * the token itself is in no message.
 */
export function verifyJwt(jwt: string, method: AuthMethod, nowMs: number): Claims {
  if (jwt === "") throw refused("missing jwt");
  const [header = "", payload = "", signature, ...more] = jwt.split(".");
  if (signature === undefined || more.length > 0) {
    throw refused("error parsing token: square/go-jose: compact JWS format must have three parts");
  }
  const algorithm = String(decode(header)["alg"]);
  const supported = method.JWTSupportedAlgs.length === 0 ? ["RS256"] : method.JWTSupportedAlgs;
  const isSigned = method.JWTValidationPubKeys.some(
    (key) => supported.includes(algorithm) && isSignedWith(key, algorithm, `${header}.${payload}`, signature),
  );
  if (!isSigned) throw refused("no known key successfully validated the token signature");
  const claims = decode(payload);
  const fault = faultOf(claims, method, nowMs / 1_000);
  if (fault !== undefined) throw refused(`error validating claims: ${fault}`);
  return claims;
}

function isSignedWith(key: string, algorithm: string, content: string, signature: string): boolean {
  const digest = DIGESTS[algorithm];
  if (digest === undefined) return false;
  try {
    const options = { key, dsaEncoding: "ieee-p1363" } as const;
    return verify(digest === "" ? null : digest, Buffer.from(content), options, Buffer.from(signature, "base64url"));
  } catch {
    // A key of another kind than the algorithm's.
    return false;
  }
}

function faultOf(claims: Claims, method: AuthMethod, nowSeconds: number): string | undefined {
  const { iss, aud, exp, nbf } = claims;
  if (method.BoundIssuer !== "" && iss !== method.BoundIssuer) {
    return "square/go-jose/jwt: validation failed, invalid issuer claim (iss)";
  }
  if (typeof nbf === "number" && nowSeconds + LEEWAY_SECONDS + SKEW_SECONDS < nbf) {
    return "square/go-jose/jwt: validation failed, token not valid yet (nbf)";
  }
  if (typeof exp === "number" && nowSeconds - SKEW_SECONDS > exp) {
    return "square/go-jose/jwt: validation failed, token is expired (exp)";
  }
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (method.BoundAudiences.length > 0 && !method.BoundAudiences.some((bound) => audiences.includes(bound))) {
    return "aud claim does not match any bound audience";
  }
  return undefined;
}

function decode(part: string): Claims {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value));
  } catch {
    // Reported below.
  }
  throw refused("error parsing token: square/go-jose: a part of it is no JSON object");
}
