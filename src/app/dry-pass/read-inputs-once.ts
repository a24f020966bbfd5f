import { AppError, EXIT_CODES } from "../../base/errors.ts";
import type { Inputs } from "../inputs/inputs.ts";
import type { News } from "./news.ts";

/** A catalog that did not answer. */
export interface UnreadCatalog {
  /** What the settings call it, else its kind. */
  readonly label: string;
  readonly reason: string;
}

/** What a reader of a dry pass should know of it. */
export function unreadText({ label, reason }: UnreadCatalog): string {
  return `${label} did not answer, so that what was last good of it counts: ${reason}`;
}

/** How long the catalogs may take to answer completely. */
const PATIENCE_MS = 60_000;
/** Time may end a wait as well as an answer. */
const LOOK_AGAIN_MS = 250;

/**
 * Reads every catalog completely, and what Nomads say of the allocations that are in them. Returns the catalogs that did not
 * answer; throws AppError (exit code 69) where none did.
 */
export async function readInputsOnce(
  { catalogs, allocations }: Pick<Inputs, "catalogs" | "allocations">,
  { news, signal }: { readonly news: News; readonly signal: AbortSignal },
): Promise<readonly UnreadCatalog[]> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  const unread: UnreadCatalog[] = [];
  await Promise.all(
    catalogs.map(async ({ label, source }) => {
      try {
        await source.confirm(patience);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        unread.push({ label, reason: error.message });
      }
    }),
  );
  if (unread.length === catalogs.length) throw unreadable(unread);
  const asked = catalogs.filter(({ label }) => !unread.some((one) => one.label === label));
  // Each of them looks at its catalog, which asks for what is new.
  const areRead = () => asked.every(({ source }) => source.snapshot() !== undefined);
  areRead();
  const asking = new AbortController();
  const run = allocations?.run(AbortSignal.any([patience, asking.signal]));
  while (!patience.aborted && !(areRead() && allocations?.isSettled() !== false)) {
    await news.next(LOOK_AGAIN_MS, patience);
  }
  asking.abort();
  await run;
  return unread;
}

function unreadable(unread: readonly UnreadCatalog[]): AppError {
  const reasons = unread.map(({ label, reason }) => `${label}: ${reason}`).join("; ");
  return new AppError(
    `no catalog could be read: ${reasons}; is the address right (--consul-addr, --nomad-addr, or the settings)?`,
    {
      code: "E_CATALOG_UNAVAILABLE",
      retryable: true,
      exitCode: EXIT_CODES.unavailable,
    },
  );
}
