import { parseDuration } from "../../../go/duration.ts";

/**
 * Nanoseconds of a duration as Traefik reads it in tags and files: a bare integer counts seconds, anything else is Go's
 * syntax. Undefined where Traefik refuses it, and where its seconds would overflow.
 */
export function parseTraefikDuration(text: string): bigint | undefined {
  return /^[+-]?[0-9]+$/.test(text) ? parseDuration(`${text}s`) : parseDuration(text);
}
