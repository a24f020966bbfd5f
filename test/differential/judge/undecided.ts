import type { Catalog } from "../../../src/core/catalog/snapshot.ts";
import type { CatalogCase } from "../generators/catalogs.ts";

/**
 * Why Traefik's own answer is not the same each time: it judges exposure on the union of the tags of all instances of a service,
 * and takes the last one where they disagree, but catalogs list them in random order. Undefined where it is none.
 */
export function undecidedReason({ options, instances }: CatalogCase, catalog: Catalog): string | undefined {
  const prefix = `${options.prefix ?? "traefik"}.`;
  const values = new Map<string, string>();
  for (const { service, tags } of instances) {
    for (const tag of tags) {
      const [written = ""] = tag.split("=", 1);
      const key = catalog === "nomad" ? written.trim() : written;
      if (!tag.startsWith(prefix) || !/^(enable|consulcatalog\.)/i.test(key.slice(prefix.length))) continue;
      const known = values.get(`${service}\n${key}`);
      if (known !== undefined && known !== tag) return "undecided by Traefik: instances disagree about exposure";
      values.set(`${service}\n${key}`, tag);
    }
  }
  return;
}
