import { parseDurationMs } from "../api/duration.ts";
import { refused } from "../state/definition.ts";
import type { Token } from "./records.ts";

/**
 * When a token was made and when it expires, as its API shows it; without a time to live it never does. Throws
 * E_SIMULATOR_REFUSED, in Consul's words, for what is no duration or too short a one.
 *
 * @param ttl one of Go's durations, "" for none
 */
export function tokenTimes(ttl: string, nowMs: number, ttlMinMs: number): Pick<Token, "CreateTime" | "ExpirationTime"> {
  const CreateTime = isoTime(nowMs);
  if (ttl === "") return { CreateTime };
  const ttlMs = parseDurationMs(ttl);
  if (ttlMs === undefined) throw refused(`time: invalid duration ${ttl}`);
  if (ttlMs < ttlMinMs) throw refused(`ExpirationTime cannot be less than 1m0s in the future (was ${ttl})`);
  return { CreateTime, ExpirationTime: isoTime(nowMs + ttlMs) };
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
