import type { Memory } from "../memory.ts";
import type { Hold } from "./hold.ts";

/**
 * May a person end it? Not the hold of a catalog that has not answered since the start: nobody can know what it would
 * take away.
 */
export function isReleasable({ kind }: Hold): boolean {
  return kind !== "source-away";
}

/**
 * The memory after a person has ended `holds`: the very routers that they held leave with the next pass, unless they are
 * back by then. Others that depart are judged as ever, for the same reason, too.
 */
export function releaseHolds(memory: Memory, holds: readonly Hold[]): Memory {
  const ended = holds.filter(isReleasable);
  if (ended.length === 0) return memory;
  return {
    ...memory,
    released: new Set([...memory.released, ...ended.flatMap(({ routers }) => routers)]),
    holds: memory.holds.filter((hold) => !ended.some((one) => isSameHold(one, hold))),
  };
}

/** Are both of the same catalog for the same reason? */
export function isSameHold(one: Hold, other: Hold): boolean {
  return one.catalogName === other.catalogName && one.kind === other.kind;
}

/** Is it the settings' doing? Only a person ends such a hold, so that it outlives the process. */
export function isOfSettings({ kind }: Hold): boolean {
  return kind === "settings-change";
}
