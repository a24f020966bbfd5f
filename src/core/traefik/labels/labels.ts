import { trimSpace } from "../../../go/white-space.ts";
import { PRODUCT_RULES } from "../../catalog/product-rules.ts";
import type { Catalog } from "../../catalog/snapshot.ts";

/** A setting that a tag makes. */
export interface Label {
  /** Everything behind the first `=`, verbatim. */
  readonly value: string;
  /** The tag as registered. */
  readonly tag: string;
}

/**
 * Labels by key (`traefik.…`, whatever the prefix is), as Traefik's Consul provider reads tags: a tag counts when it
 * starts with the prefix, in the same case and without a boundary, and holds a `=`. Nothing is trimmed, except by the
 * Nomad provider, which trims both sides; of tags with the same key the last one wins. Half a character (a lone
 * surrogate) becomes U+FFFD before anything else, because no file can hold it: two names that differ in nothing else
 * would be one key twice, for which Traefik refuses the whole file.
 */
export function labelsOf(
  tags: readonly string[],
  prefix: string,
  catalog: Catalog = "consul",
): ReadonlyMap<string, Label> {
  const trimmed = PRODUCT_RULES[catalog].trimsTags ? trimSpace : (text: string) => text;
  const labels = new Map<string, Label>();
  const boundary = `${prefix}.`;
  for (const tag of tags) {
    const equals = tag.indexOf("=");
    if (equals < 0 || !tag.startsWith(prefix)) continue;
    const left = trimmed(tag.slice(0, equals).toWellFormed());
    const key = left.startsWith(boundary) ? left.slice(boundary.length) : left;
    labels.set(`traefik.${key}`, { value: trimmed(tag.slice(equals + 1).toWellFormed()), tag });
  }
  return labels;
}
