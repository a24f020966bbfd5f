import { AppError } from "../../base/errors.ts";
import type { ServiceRow } from "./rows/registration.ts";

const TAGS_CONTAINS = /^\s*Tags\s+contains\s+("(?:[^"\\]|\\.)*"|`[^`]*`)\s*$/;

/**
 * The part of Nomad's filter language that Traefik's provider uses: `Tags contains "traefik.enable=true"`. Throws
 * AppError with E_SIMULATOR_FILTER for anything else; what Nomad would accept must not be ignored silently.
 */
export function parseFilter(text: string): (row: ServiceRow) => boolean {
  if (text === "") return () => true;
  const [, literal] = TAGS_CONTAINS.exec(text) ?? [];
  if (literal === undefined) {
    throw new AppError(
      `failed to create result paginator: failed to read filter expression: the embedded catalog cannot read ${text}`,
      { code: "E_SIMULATOR_FILTER", retryable: false },
    );
  }
  // A quoted literal has Go's escapes; those that occur in tags are JSON's as well.
  const tag: unknown = literal.startsWith("`") ? literal.slice(1, -1) : JSON.parse(literal);
  return ({ Tags }) => Tags?.some((one) => one === tag) ?? false;
}
