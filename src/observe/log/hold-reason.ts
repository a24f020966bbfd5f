import { isoSeconds } from "../../base/iso-seconds.ts";
import type { Hold } from "../../core/removals/hold.ts";
import { holdWords } from "../../core/removals/hold-words.ts";

/** What ends a hold that ends at no time of its own. */
const UNTIL: Readonly<Record<Hold["kind"], string>> = {
  "source-away": "until it answers",
  blind: "until it does again",
  "catalog-reset": "until they register again",
  "mass-removal": "until that read",
  "settings-change": "until portolan release, a start with --confirm, or settings that keep it",
};

/** Why the routers of this hold are held and until when, for people. */
export function holdReason(hold: Hold): string {
  const end = hold.endsAtMs === undefined ? UNTIL[hold.kind] : `until ${isoSeconds(hold.endsAtMs)}`;
  return `${holdWords(hold)}; ${end}`;
}
