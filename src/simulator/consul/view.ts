import type { View } from "../api/blocking.ts";
import type { CatalogState } from "../state/state.ts";
import type { Access } from "./access.ts";
import { listText, wholeListText } from "./entries.ts";

/** One look at Consul's catalog: the body as the text that is sent, without what the token may not see. */
export interface CatalogView extends View {
  readonly json: string;
  /** Something was left out, because the token may not see it. */
  readonly isFiltered: boolean;
}

export type Query = (state: CatalogState, access?: Access) => CatalogView;

/** The rows that may be seen as a JSON array, and whether others were left out. */
export function shownRows<Row extends object>(
  rows: readonly Row[],
  access: Access,
  canRead: (row: Row) => boolean,
  write: (row: Row) => string,
): [json: string, isFiltered: boolean] {
  if (access.isFull) return [wholeListText(rows, write), false];
  const shown = rows.filter(canRead);
  return [listText(shown, write), shown.length < rows.length];
}

export function view(index: number, watched: readonly string[], json: string, isFiltered = false): CatalogView {
  return {
    index,
    watched,
    json,
    isFiltered,
    get body(): unknown {
      return JSON.parse(json);
    },
  };
}

/** The checks of a node itself have no service, and every token may read those. */
export function canReadService(access: Access, service: string): boolean {
  return service === "" || access.can("read", "service", service);
}

/** Consul watches rows by the branch of a tree that holds them; where there are none, by a branch further up. */
export function narrow(rows: readonly unknown[], own: string, table: string): string {
  return rows.length > 0 ? own : table;
}
