import { isoSeconds } from "../../base/iso-seconds.ts";
import type { Hold } from "../../core/removals/hold.ts";
import { catalogWords } from "../catalog-label.ts";

interface HoldWords {
  /** What the catalog does. */
  readonly why: (catalog: string, reason: string) => string;
  /** What ends the hold, where that is no time. */
  readonly until: string;
}

/** Why routers are held, for people, by the kind of the hold: what the catalog does, and what ends the hold. */
const WORDS: Readonly<Record<Hold["kind"], HoldWords>> = {
  "source-away": { why: (catalog) => `${catalog} has not answered since the start`, until: "until it answers" },
  blind: {
    why: (catalog, reason) => `${catalog} does not tell all it knows any more: ${reason}`,
    until: "until it does again",
  },
  "catalog-reset": {
    why: (catalog) =>
      `${catalog}'s index fell back (restarted or restored); services count as gone only after the reset hold`,
    until: "until they register again",
  },
  "mass-removal": {
    why: (catalog) =>
      `too much, or what was hidden just now, is missing; ${catalog} is read again, consistently, before that is believed`,
    until: "until that read",
  },
  "settings-change": {
    why: () => "the settings have changed, and they, not the catalog, would take this away",
    until: "until portolan release, a start with --confirm, or settings that keep it",
  },
};

/** Why the routers of this hold are held and until when, for people. */
export function holdReason({ kind, catalogName, reason = "", endsAtMs }: Hold): string {
  const { why, until } = WORDS[kind];
  const end = endsAtMs === undefined ? until : `until ${isoSeconds(endsAtMs)}`;
  return `${why(catalogWords(catalogName), reason)}; ${end}`;
}
