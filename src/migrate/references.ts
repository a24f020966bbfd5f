import type { ServiceInstance } from "../core/catalog/snapshot.ts";
import type { StaticOption } from "./static-config.ts";
import { textOf } from "./static-options.ts";

/** A name with `@consulcatalog` or `@nomad`, which portolan's chart does not define under that provider. */
export interface ProviderReference {
  /** The tag's service, the file, or the option. */
  readonly where: string;
  /** As it is written there: `auth@consulcatalog`. */
  readonly name: string;
  /** What to write instead. */
  readonly instead: string;
  readonly in: "tag" | "file" | "static";
}

const REFERENCE = /([^\s,"'`=║[\]{}()]+)@(?:consulcatalog|nomad)(?:-[A-Za-z0-9-]+)?(?![\w-])/gi;

/** Those in Traefik's static configuration: middlewares of entry points, for instance. */
export function referencesInStatic(options: readonly StaticOption[]): readonly ProviderReference[] {
  return options.flatMap(({ path, value }) => found(textOf(value), path.join("."), "static"));
}

/** Those in the text of a file in Traefik's format, templates and comments included. */
export function referencesInFile(text: string, file: string): readonly ProviderReference[] {
  return [...new Map(found(text, file, "file").map((one) => [one.name, one])).values()];
}

/** Those in tags. The chart has them without a provider already: the tags work as they are. */
export function referencesInTags(instances: readonly ServiceInstance[], prefix: string): readonly ProviderReference[] {
  const names = new Map<string, ProviderReference>();
  for (const { service, tags } of instances) {
    for (const tag of tags) {
      if (!tag.startsWith(prefix) || !tag.includes("@")) continue;
      for (const one of found(tag, service, "tag")) names.set(`${service}\n${one.name}`, one);
    }
  }
  return [...names.values()];
}

function found(text: string, where: string, kind: ProviderReference["in"]): readonly ProviderReference[] {
  return Array.from(text.matchAll(REFERENCE), ([name, bare = ""]) => ({
    ...{ where, name, in: kind },
    instead: kind === "tag" ? bare : `${bare}@file`,
  }));
}
