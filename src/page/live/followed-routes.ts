import type { RouteRow, RoutesAnswer } from "../../api/resources/routes.ts";
import { changesOf, NO_ROUTES, type Routes, withChanges } from "./route-rows.ts";
import { ReadError, type World } from "./world.ts";

/** The first page is short, so that there is something to see at once. */
const FIRST_PAGE = 200;
const PAGE = 1_000;
/** Between two tries, where the daemon answers and does not tell its routes. */
const RETRY_MS = 2_000;

export interface RoutesReader {
  /** Reads all pages. What is shown stays until they have come, where all has been read before. */
  read(): void;
  /** Takes what a publication changed. */
  change(change: { readonly rows: readonly RouteRow[]; readonly gone: readonly string[] }): void;
  /** @returns whether a reading was under way, whose pages are lost */
  stop(): boolean;
}

/** Keeps the published routers: read in pages, with what changes meanwhile put in. */
export function createRoutesReader(
  world: World,
  tell: { set(routes: Routes): void; failed(error: unknown): void },
): RoutesReader {
  let routes = NO_ROUTES;
  /** Which reading counts: an earlier one that is still under way does not. */
  let reading = 0;
  /** What was told since the reading began: newer than its pages, or the same. */
  let changed: Map<string, RouteRow | null> | undefined;
  let cancelRetry = () => {};

  function set(next: Routes): void {
    routes = next;
    tell.set(next);
  }

  async function readPages(mine: number): Promise<void> {
    const rows: RouteRow[] = [];
    let after: string | null = null;
    do {
      const query = new URLSearchParams({
        limit: String(after === null ? FIRST_PAGE : PAGE),
        ...(after === null ? {} : { after }),
      });
      const page: RoutesAnswer = await world.read<RoutesAnswer>(`v1/routes?${query}`);
      if (mine !== reading) return;
      rows.push(...page.routes);
      after = page.next;
      if (!routes.isWhole && after !== null) {
        set({ rows: withChanges(rows, changed ?? new Map()), isWhole: false, total: page.total });
      }
    } while (after !== null);
    const whole = withChanges(rows, changed ?? new Map());
    changed = undefined;
    set({ rows: whole, isWhole: true, total: whole.length });
  }

  function read(): void {
    cancelRetry();
    reading += 1;
    const mine = reading;
    changed = new Map();
    readPages(mine).catch((error: unknown) => {
      if (mine !== reading) return;
      if (error instanceof ReadError && error.kind === "refused") cancelRetry = world.after(RETRY_MS, read);
      else tell.failed(error);
    });
  }

  return {
    read,
    change(change) {
      const changes = changesOf(change);
      for (const [id, row] of changes) changed?.set(id, row);
      const rows = withChanges(routes.rows, changes);
      set({ rows, isWhole: routes.isWhole, total: routes.isWhole ? rows.length : routes.total });
    },
    stop() {
      cancelRetry();
      reading += 1;
      return changed !== undefined;
    },
  };
}
