import { isoSeconds } from "../../base/iso-seconds.ts";

/** Of an audience, which is any text, in a message. */
const MOST_CHARACTERS = 60;

/**
 * What the claims of a JWT say against it: that its time is over or has not come, and for whom it is. Nothing of a text that is
 * no JWT, and nothing by which the token could be guessed. Its signature is not looked at.
 *
 * @param nowMs milliseconds since the epoch
 */
export function jwtFlaw(token: string, nowMs: number): string | undefined {
  const claims = claimsOf(token);
  if (claims === undefined) return undefined;
  const [endsMs, beginsMs] = [millisecondsIn(claims, "exp"), millisecondsIn(claims, "nbf")];
  if (endsMs !== undefined && endsMs <= nowMs) {
    return `the JWT expired at ${isoSeconds(endsMs)}: its issuer must renew it (Nomad does for an identity with a ttl, and with file = true)`;
  }
  if (beginsMs !== undefined && beginsMs > nowMs) {
    return `the JWT is not valid before ${isoSeconds(beginsMs)}, and here it is ${isoSeconds(nowMs)}: set the clocks of this machine and of its issuer right (timedatectl)`;
  }
  const audiences = [Reflect.get(claims, "aud")].flat().filter((one) => typeof one === "string");
  if (audiences.length === 0) return undefined;
  const names = audiences.slice(0, 3).map((one) => JSON.stringify(one.slice(0, MOST_CHARACTERS)));
  return `the JWT is for the audience ${names.join(", ")} (aud)`;
}

function claimsOf(token: string): object | undefined {
  const [, payload, signature, ...more] = token.split(".");
  if (payload === undefined || signature === undefined || more.length > 0) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    return typeof claims === "object" && claims !== null ? claims : undefined;
  } catch {
    return undefined;
  }
}

function millisecondsIn(claims: object, name: string): number | undefined {
  const seconds: unknown = Reflect.get(claims, name);
  // Beyond what a date can be it says nothing.
  return typeof seconds === "number" && Math.abs(seconds) < 8e12 ? seconds * 1_000 : undefined;
}
