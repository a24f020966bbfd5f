import { catalogWords } from "../catalog/catalog-words.ts";
import type { Hold } from "./hold.ts";

/** Why routers are held, for people, by the kind of the hold: what the catalog does. */
const WORDS: Readonly<Record<Hold["kind"], (catalog: string, reason: string) => string>> = {
  "source-away": (catalog) => `${catalog} has not answered since the start`,
  blind: (catalog, reason) => `${catalog} does not tell all it knows any more: ${reason}`,
  "catalog-reset": (catalog) =>
    `${catalog}'s index fell back (restarted or restored); services count as gone only after the reset hold`,
  "mass-removal": (catalog) =>
    `too much, or what was hidden just now, is missing; ${catalog} is read again, consistently, before that is believed`,
  "settings-change": () => "the settings have changed, and they, not the catalog, would take this away",
};

/** Why the routers of this hold are held, for people. */
export function holdWords({ kind, catalogName, reason = "" }: Hold): string {
  return WORDS[kind](catalogWords(catalogName), reason);
}
