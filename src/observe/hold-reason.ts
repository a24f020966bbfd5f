import type { Hold } from "../core/removals/hold.ts";

/** Why routers are held, for people. */
export function holdReason({ kind, catalogName, reason = "" }: Hold): string {
  const catalog = catalogName === undefined ? "the catalog" : `catalog ${catalogName}`;
  switch (kind) {
    case "source-away":
      return `${catalog} has not answered since the start`;
    case "blind":
      return `${catalog} does not tell all it knows any more: ${reason}`;
    case "catalog-reset":
      return `${catalog}'s index fell back (restarted or restored); services count as gone only after the reset hold`;
    case "mass-removal":
      return `too much, or what was hidden just now, is missing; ${catalog} is read again, consistently, before that is believed`;
    case "settings-change":
      return "the settings have changed, and they, not the catalog, would take this away; it stays until portolan release, a start with --confirm, or settings that keep it";
  }
}
