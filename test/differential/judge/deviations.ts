import type { Catalog } from "../../../src/core/catalog/snapshot.ts";
import { labelsOf } from "../../../src/core/traefik/labels/labels.ts";
import type { CaseInstance, CatalogCase } from "../generators/catalogs.ts";

/** Where portolan refuses an instance that Traefik takes, or survives one that Traefik does not: on purpose, in both modes. */
export interface Deviation {
  readonly id: string;
  readonly reason: string;
  /** A value counts where its key has none below it. */
  applies(key: string, value: string, isLeaf: boolean): boolean;
}

export const DEVIATIONS: readonly Deviation[] = [
  {
    id: "separator-in-list",
    reason: "Traefik's file decoder splits the elements of lists at U+2551",
    applies: (key, value) =>
      /^(http|tcp)\.routers\.[^.]+\.(entrypoints|middlewares)$/i.test(key) && value.includes("\u2551"),
  },
  {
    id: "separator-in-plugin",
    reason: "Traefik's file decoder takes text that begins with U+2551 for a list, and refuses the file if it is none",
    applies: (key, value, isLeaf) =>
      isLeaf &&
      /^http\.middlewares\.[^.]+\.plugin\./i.test(key) &&
      (key.endsWith("]") ? value.includes("\u2551") : value.startsWith("\u2551")),
  },
  {
    id: "long-key",
    reason: "the YAML parser of Traefik's file provider gives up on keys over 1,024 characters, quotes included",
    applies: (key) => isDecoded(key) && key.split(".").some((part) => part.length > 1_022),
  },
  {
    id: "lone-bracket",
    reason: "it ends Traefik's provider for good, and costs only the instance here",
    applies: (key) => isDecoded(key) && key.split(".").some((part) => part.endsWith("]") && !part.includes("[")),
  },
];

function isDecoded(key: string): boolean {
  return /^(http|tcp|udp|tls\.stores\.default)/i.test(key);
}

/**
 * The catalog in which Traefik refuses, by a tag that it does not know, exactly the instances that portolan refuses on
 * purpose; so the rest can be compared. The same object where there are none.
 */
export function withoutDeviations(original: CatalogCase, catalog: Catalog): CatalogCase {
  const prefix = original.options.prefix ?? "traefik";
  const instances = original.instances.map((instance) => refuseDeviating(instance, prefix, catalog));
  const isSame = instances.every((instance, index) => instance === original.instances[index]);
  return isSame ? original : { ...original, instances };
}

function refuseDeviating(instance: CaseInstance, prefix: string, catalog: Catalog): CaseInstance {
  const labels = labelsOf(instance.tags, prefix, catalog);
  const keys = [...labels.keys()].map((key) => key.toLowerCase());
  const isLeaf = (key: string) => !keys.some((other) => /^[.[]/.test(other.slice(key.length)) && other.startsWith(key));
  const deviating = [...labels].flatMap(([key, { value, tag }]) =>
    DEVIATIONS.some(({ applies }) => applies(key.slice("traefik.".length), value, isLeaf(key.toLowerCase())))
      ? [tag]
      : [],
  );
  if (deviating.length === 0) return instance;
  const rest = instance.tags.filter((tag) => !deviating.includes(tag));
  return { ...instance, tags: [...rest, `${prefix}.http.refused=x`] };
}
