import type { RouteRow } from "../../api/resources/routes.ts";

/** The message `routes` of the stream: what a publication changed, or that too much changed to be told row by row. */
export type RoutesChange =
  | {
      readonly chart: string;
      readonly generation: number;
      readonly rows: readonly RouteRow[];
      readonly gone: readonly string[];
    }
  | { readonly chart: string; readonly generation: number; readonly all: true };

/** The published routers that are known. */
export interface Routes {
  readonly rows: readonly RouteRow[];
  /** Whether these are all: false until the last page has been read. */
  readonly isWhole: boolean;
  /** How many there are, also where not all have been read; undefined before the first page. */
  readonly total: number | undefined;
}

export const NO_ROUTES: Routes = { rows: [], isWhole: false, total: undefined };

/** Rows by their id, with what has changed of them put in. Gone ones are null. */
export function withChanges(
  rows: Iterable<RouteRow>,
  changes: ReadonlyMap<string, RouteRow | null>,
): readonly RouteRow[] {
  const byId = new Map<string, RouteRow>();
  for (const row of rows) byId.set(row.id, row);
  for (const [id, row] of changes) {
    if (row === null) byId.delete(id);
    else byId.set(id, row);
  }
  return [...byId.values()];
}

/** What a message changes, by id. */
export function changesOf({
  rows,
  gone,
}: {
  readonly rows: readonly RouteRow[];
  readonly gone: readonly string[];
}): ReadonlyMap<string, RouteRow | null> {
  return new Map<string, RouteRow | null>([
    ...gone.map((id) => [id, null] as const),
    ...rows.map((row) => [row.id, row] as const),
  ]);
}
