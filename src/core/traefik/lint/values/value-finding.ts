import type { Finding } from "../../../diagnostics/finding.ts";
import { type Subject, titleOf } from "../subject.ts";

/** Something is absent without which Traefik disables the middleware. */
export function missing(subject: Subject, path: string, allowed: string): Finding {
  return {
    code: "VALUE_MISSING",
    message: `${titleOf(subject)} has no ${path}, without which traefik disables it`,
    remedy: `add ${path}: ${allowed}`,
  };
}

/** Something is there that Traefik cannot use; `found` is quoted where it is no secret. */
export function unknown(subject: Subject, path: string, found: string, allowed: string): Finding {
  return {
    code: "VALUE_UNKNOWN",
    message: `${titleOf(subject)} has ${found} in ${path} that traefik cannot read`,
    remedy: `write ${allowed}`,
  };
}
