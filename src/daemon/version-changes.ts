import { count, someNames } from "../base/count.ts";
import type { RouteChange } from "../core/changes/route-change.ts";

type Kind = RouteChange["kind"];

/** What happened to each router between two versions, by its name as logs have it. */
export type VersionChanges = ReadonlyMap<string, Kind>;

export function versionChanges(changes: readonly RouteChange[]): VersionChanges {
  return new Map(
    changes.map(({ router, protocol, kind }) => [protocol === "http" ? router : `${router} (${protocol})`, kind]),
  );
}

/** The changes of two passes of which only the last chart is kept. */
export function withLaterChanges(earlier: VersionChanges, later: VersionChanges): VersionChanges {
  const all = new Map(earlier);
  for (const [router, then] of later) {
    const known = all.get(router);
    const kind = known === undefined ? then : united(known, then);
    if (kind === undefined) all.delete(router);
    else all.set(router, kind);
  }
  return all;
}

/** What came of two changes of one router, one after the other; undefined where it came and went. */
function united(first: Kind, then: Kind): Kind | undefined {
  if (first === "added") return then === "removed" ? undefined : "added";
  if (first === "removed") return then === "added" ? "changed" : then;
  if (then === "removed" || then === "changed" || first === "changed")
    return then === "removed" ? "removed" : "changed";
  if (first === "emptied" && then === "restored") return "servers";
  if (first === "restored" && then === "emptied") return "servers";
  return first === "servers" ? then : first;
}

const WORDS: readonly (readonly [Kind, string])[] = [
  ["added", "added"],
  ["removed", "removed"],
  ["changed", "changed"],
  ["emptied", "emptied"],
  ["restored", "restored"],
  ["servers", "with other servers"],
];

const MOST_NAMES = 5;

/** The changes in one line: `2 added: api, web; 1 emptied: db`. */
export function changesInWords(changes: VersionChanges): string {
  if (changes.size === 0) return "what routers refer to changed";
  return WORDS.flatMap(([kind, word]) => {
    const routers = [...changes].filter(([, one]) => one === kind).map(([router]) => shortened(router));
    return routers.length === 0
      ? []
      : [`${routers.length} ${word}: ${someNames(routers.toSorted(byName), MOST_NAMES)}`];
  }).join("; ");
}

const MOST_OF_NAME = 60;

function shortened(router: string): string {
  return router.length <= MOST_OF_NAME
    ? router
    : `${router.slice(0, MOST_OF_NAME)}… (${count(router.length, "character")})`;
}

function byName(one: string, other: string): number {
  return one < other ? -1 : 1;
}
