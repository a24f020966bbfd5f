import { type ResourceKey, resourceKey, type Section } from "./dynamic-config.ts";
import { type NamedReference, targetOf } from "./references.ts";

/**
 * The key that a reference means in this chart, with or without `@file`, which may point at this very file. A name of
 * another provider gives a key that no definition has; a reference of a kind that charts do not hold gives "".
 */
export function referredKey(section: Section, reference: NamedReference): ResourceKey | "" {
  const target = targetOf(section, reference);
  return target === undefined ? "" : resourceKey(target, reference.name.replace(/@file$/, ""));
}
