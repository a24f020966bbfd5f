import type { RouteRow } from "../../api/resources/routes.ts";
import type { Steps } from "../../core/incremental/steps.ts";
import type { NamedChart } from "../status/charts-asked.ts";
import { type RoutePlace, routeId, routePlaces } from "../status/route-places.ts";
import { routeRow, rowParts } from "../status/routes-view.ts";
import type { UiAddresses } from "../ui-links.ts";

/** What each row of a chart was made of, by its id. */
export type KnownRows = ReadonlyMap<string, readonly unknown[]>;

/** What differs between the rows of a chart now and before. */
export interface ChangedRows {
  readonly known: KnownRows;
  /** Undefined where more have changed than are worth telling one by one. */
  readonly changes: { readonly rows: readonly RouteRow[]; readonly gone: readonly string[] } | undefined;
}

/** So many routers are looked at between two pauses. */
const STEP = 50;

/**
 * Looks for the rows that are others than before. Rows are not made to find them: what they are made of is compared.
 *
 * @param before undefined where nothing is known: nothing counts as changed then
 * @param most rows, and those that have gone
 */
export function* changedRows(
  chart: NamedChart,
  before: KnownRows | undefined,
  ui: UiAddresses,
  most: number,
): Steps<ChangedRows> {
  const known = new Map<string, readonly unknown[]>();
  const changed: RoutePlace[] = [];
  for (const place of routePlaces([chart])) {
    const id = routeId(place);
    const parts = [ui, ...rowParts(place)];
    const former = before?.get(id);
    const isUnchanged = former !== undefined && isSame(former, parts);
    // The old list is kept where it says the same, so that memory holds one of them.
    known.set(id, isUnchanged ? former : parts);
    if (!isUnchanged && before !== undefined) changed.push(place);
    if (known.size % STEP === 0) yield;
  }
  const gone = [...(before?.keys() ?? [])].filter((id) => !known.has(id));
  if (changed.length + gone.length > most) return { known, changes: undefined };
  const rows: RouteRow[] = [];
  for (const place of changed) {
    rows.push(routeRow(place, ui));
    yield;
  }
  return { known, changes: { rows, gone } };
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((part, position) => isSamePart(part, other[position]));
}

/** Routers and addresses are the same objects from one pass to the next, unless they were read anew. */
function isSamePart(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  return typeof one === "object" && typeof other === "object" && JSON.stringify(one) === JSON.stringify(other);
}
