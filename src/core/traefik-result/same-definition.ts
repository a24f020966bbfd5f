import { parseDuration } from "../../go/duration.ts";
import { type ConfigObject, type ConfigValue, isConfigObject } from "../traefik/chart/dynamic-config.ts";
import type { ListedSection } from "./traefik-resource.ts";

/**
 * The first field in which Traefik's resource is another one than the charted, as a path from the outside in; undefined where
 * it has all that is charted. Traefik fills in defaults, and an entry point adds what its own options say to a router, so that
 * what is not charted is not compared.
 *
 * | charted | as Traefik lists it |
 * |---|---|
 * | `"90s"`, `"5"` | `"1m30s"`, `5` |
 * | nothing, zero, `false` | absent |
 * | `middlewares: [auth]` | `[limit@file, auth@file]`, where the router's entry point has `limit` |
 * | `entryPoints: [web, websecure]` | one of them, where they have options of their own |
 */
export function differingField(
  section: ListedSection,
  charted: ConfigObject,
  found: ConfigObject,
): readonly string[] | undefined {
  const isRouter = section.endsWith("/routers");
  for (const [field, value] of Object.entries(charted)) {
    const other = found[field];
    if (isRouter && field === "entryPoints") {
      if (!isPartOf(other, value)) return [field];
    } else if (isRouter && field === "middlewares") {
      if (!endsWith(other, value)) return [field];
    } else {
      const differing = differenceBelow([field], value, other);
      if (differing !== undefined) return differing;
    }
  }
  return undefined;
}

function differenceBelow(
  path: readonly string[],
  charted: ConfigValue,
  found: ConfigValue | undefined,
): readonly string[] | undefined {
  if (found === undefined) return isNothing(charted) ? undefined : path;
  if (Array.isArray(charted)) {
    if (!Array.isArray(found) || found.length !== charted.length) return path;
    for (const [position, item] of charted.entries()) {
      const differing = differenceBelow([...path, String(position)], item, found[position]);
      if (differing !== undefined) return differing;
    }
    return undefined;
  }
  if (isConfigObject(charted)) {
    if (!isConfigObject(found)) return path;
    for (const [field, value] of Object.entries(charted)) {
      const differing = differenceBelow([...path, field], value, found[field]);
      if (differing !== undefined) return differing;
    }
    return undefined;
  }
  return isSameScalar(charted, found) ? undefined : path;
}

/** What Traefik leaves out of its answers, since it is the same as absent. */
function isNothing(value: ConfigValue): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isConfigObject(value)) return Object.values(value).every(isNothing);
  return ["", "0", "false", "0s"].includes(String(value).trim());
}

function isSameScalar(charted: ConfigValue, found: ConfigValue): boolean {
  const [text, other] = [String(charted).trim(), String(found).trim()];
  if (text === other || withoutProvider(text) === withoutProvider(other)) return true;
  return isSameNumber(text, other) || isSameTruth(text, other) || isSameDuration(text, other);
}

function isSameNumber(text: string, other: string): boolean {
  return text !== "" && other !== "" && Number(text) === Number(other);
}

function isSameTruth(text: string, other: string): boolean {
  return (/^(?:1|t|true)$/i.test(text) && other === "true") || (/^(?:0|f|false)$/i.test(text) && other === "false");
}

/** A number without a unit is in seconds. */
function isSameDuration(text: string, other: string): boolean {
  const ns = parseDuration(/^\d+$/.test(text) ? `${text}s` : text);
  return ns !== undefined && ns === parseDuration(other);
}

/** References get their provider's name when Traefik looks them up, and not all of them. */
function withoutProvider(text: string): string {
  return text.replace(/@(?:file|http)$/, "");
}

function isPartOf(found: ConfigValue | undefined, charted: ConfigValue): boolean {
  if (found === undefined) return isNothing(charted);
  if (!Array.isArray(found) || !Array.isArray(charted)) return false;
  return found.every((one) => charted.some((other) => isSameScalar(other, one)));
}

function endsWith(found: ConfigValue | undefined, charted: ConfigValue): boolean {
  if (found === undefined) return isNothing(charted);
  if (!Array.isArray(found) || !Array.isArray(charted)) return false;
  const from = found.length - charted.length;
  return from >= 0 && charted.every((one, position) => isSameScalar(one, found[from + position] ?? ""));
}
