import { nearest } from "../../../base/nearest.ts";
import { fieldLine } from "../schema/field-line.ts";
import type { ObjectField } from "../schema/schema.ts";
import type { TraefikVersion } from "../vocabulary/traefik-version.ts";

/** What is wrong at one place of a file in Traefik's format. Never shows the value of a secret field. */
export interface FileProblem {
  /** The place as Traefik's documentation would write it: `http.routers.web.priority`. */
  readonly path: string;
  /** What was found and what is allowed, lowercase, without a full stop. */
  readonly message: string;
  readonly remedy: string;
  /** Traefik reads the file all the same, or that is not certain: what it ignores, another version's fields, lost digits. */
  readonly isOnlyOurs?: true;
}

/** A key that the Traefik line does not read at this place of a file, though perhaps in tags or in a later line. */
export function unknownKey(path: string, key: string, { fields }: ObjectField, version: TraefikVersion): FileProblem {
  const known = Object.entries(fields).filter(([name]) => fieldLine(fields, name, version)?.inFiles === true);
  const names = known.map(([name]) => name);
  const declared = fieldLine(fields, key, version);
  // A mapping in a wrong place may have anything for its keys, also `user:hash`.
  const shown = /^[\w.-]{1,60}$/.test(key) ? JSON.stringify(key) : "a key";
  if (declared?.since !== undefined) {
    return {
      path,
      message: `found ${shown}, which only traefik ${declared.since} and later know, but traefik.version is an earlier one`,
      remedy: `remove the field, or, once that Traefik runs, write into the settings: traefik: { version: "${declared.since}" }`,
      isOnlyOurs: true,
    };
  }
  const meant = nearest(key, names);
  return {
    path,
    message: `found ${shown}, which is no field of a file there; allowed: ${names.length === 0 ? "none" : names.join(", ")}`,
    remedy: meant === undefined ? "remove or correct it" : `write ${JSON.stringify(meant)}`,
    // Unknown keys at the root, and fields that count in tags only, are ignored.
    ...(path === "" || declared !== undefined ? { isOnlyOurs: true } : {}),
  };
}

/** What a chart has no place for, though a file of Traefik's may hold it: lists of certificates, models of entry points. */
export function notCharted(path: string): FileProblem {
  return {
    path,
    message: "found, but a chart has no place for it",
    remedy: "keep it in a file of your own beside the chart",
    isOnlyOurs: true,
  };
}

/** What stands somewhere, in few words: the value itself only where it may be shown, else its kind. */
export function describeFound(value: unknown, mayShow: boolean): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  if (mayShow) return JSON.stringify(value).slice(0, 80);
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
}
