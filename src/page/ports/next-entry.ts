import type { GroupRow } from "./port-row.ts";

/** The line of the ledger that takes the next free port of a group; owner, exposure and purpose are left to who pastes it. */
export function nextEntry({ nextFree }: Pick<GroupRow, "nextFree">): string | undefined {
  return nextFree === null ? undefined : `- { ports: ${nextFree}, owner: OWNER, exposure: internal, purpose: "…" }`;
}

/** What is said of a group's next free port, as `portolan ledger` says it. */
export function nextFreeWords({ nextFree, isCrowded, spacing }: GroupRow): string {
  if (nextFree === null) return "none: the group is full";
  return isCrowded ? `${nextFree} (nearer than ${spacing} to another)` : String(nextFree);
}
