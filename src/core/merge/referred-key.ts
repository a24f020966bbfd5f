import { resourceKey, type Section } from "../traefik/chart/dynamic-config.ts";
import { type NamedReference, targetOf } from "../traefik/chart/references.ts";

/**
 * The key that a reference means in this chart, with or without `@file`, which may point at this very file. A name of
 * another provider gives a key that no definition has; a reference of a kind that charts do not hold gives "".
 */
export function referredKey(section: Section, reference: NamedReference): string {
  const target = targetOf(section, reference);
  return target === undefined ? "" : resourceKey(target, reference.name.replace(/@file$/, ""));
}
