import type { CheckRow } from "../state/records.ts";
import type { CatalogState } from "../state/state.ts";
import { WATCH } from "../state/watches.ts";
import { type Access, FULL_ACCESS } from "./access.ts";
import { checkText } from "./entries.ts";
import { type CatalogView, canReadService, narrow, type Query, shownRows, view } from "./view.ts";

/**
 * The checks in one state, or in `any`. While the state has none, every write of a check wakes the query. The filter
 * decides what is shown, not what wakes.
 */
export function listChecksIn(status: string, isShown?: (check: CheckRow) => boolean): Query {
  return (state, access = FULL_ACCESS) => {
    if (status === "any") return checksView(state, access, state.tables.checks(), WATCH.checks, isShown);
    return checksView(state, access, state.tables.checksIn(status), WATCH.checksIn(status), isShown);
  };
}

/** The checks on one node, its services' among them. While it has none, every write of a check wakes the query. */
export function listChecksOn(node: string): Query {
  return (state, access = FULL_ACCESS) => checksView(state, access, state.tables.checksOn(node), WATCH.checksOn(node));
}

function checksView(
  state: CatalogState,
  access: Access,
  rows: readonly CheckRow[],
  watch: string,
  isShown?: (check: CheckRow) => boolean,
): CatalogView {
  const canRead = (check: CheckRow) =>
    access.can("read", "node", check.Node) && canReadService(access, check.ServiceName);
  const asked = isShown === undefined ? rows : rows.filter(isShown);
  const watched = [narrow(rows, watch, WATCH.checks)];
  return view(state.tableIndex("checks"), watched, ...shownRows(asked, access, canRead, checkText));
}
