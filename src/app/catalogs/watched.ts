import { mayHaveMetrics } from "../../core/targets/metrics-tags.ts";
import { mayBeExposed } from "../../core/traefik/decode/exposure.ts";
import { mayNeedHint } from "../../core/traefik/hints/not-enabled.ts";
import type { WatchedCatalog } from "../../observe/status/source-status.ts";
import type { CatalogSource, SourceReporter } from "../../sources/catalog/source.ts";
import type { CredentialReporter } from "../../sources/credentials/credential-reporter.ts";
import { type ChosenCatalog, labelOf, sourceName, titleOf } from "./chosen.ts";
import { openCatalog } from "./open.ts";
import type { OpenCatalog } from "./parts.ts";

/** A catalog that is being watched. */
export interface OpenedCatalog {
  /** What the settings call it, where they list several. */
  readonly name?: string;
  /** For a person: product, address and what is read of it. */
  readonly title: string;
  /** What metrics call it. */
  readonly label: string;
  readonly source: CatalogSource;
  /** Its status at the moment. */
  watched(): WatchedCatalog;
  /** Every registration, also of services that are not watched, under the catalog's name; else as `OpenCatalog` has it. */
  registrations: OpenCatalog["registrations"];
  /** Closes connections and logs out where a login gave the token. */
  close(): Promise<void>;
}

/** Stands between a catalog's source and those who look at it; `changed` is called in place of theirs. */
export type SourceWrapper = (
  source: CatalogSource,
  changed: () => void,
) => { readonly source: CatalogSource; changed(): void };

export interface CatalogParts {
  readonly reporter: SourceReporter & CredentialReporter;
  /** The prefixes of the tags that count, of all charts. */
  prefixes(): readonly string[];
  exposedByDefault(): boolean;
  /** Whether a file of the operator's names the service, by its key in the catalog's list: it is read whatever its tags. Default: none. */
  isNamed?(service: string): boolean;
  changed(): void;
  /** Default: nothing stands between. */
  readonly wrap?: SourceWrapper;
}

/** Opens a catalog. Throws AppError (exit code 78) where a TLS file cannot be read. */
export async function watchCatalog(
  catalog: ChosenCatalog,
  { prefixes, exposedByDefault, isNamed, wrap, ...parts }: CatalogParts,
): Promise<OpenedCatalog> {
  let changed = parts.changed;
  const opened = await openCatalog(catalog, {
    ...parts,
    changed: () => changed(),
    source: sourceName(catalog, prefixes().join("+")),
    isWatched: (tags, service) =>
      mayHaveMetrics(tags) ||
      isNamed?.(service) === true ||
      prefixes().some(
        (prefix) => mayBeExposed(catalog.kind, tags, prefix, exposedByDefault()) || mayNeedHint(tags, prefix),
      ),
  });
  const wrapped = wrap?.(opened.source, parts.changed);
  if (wrapped !== undefined) changed = wrapped.changed;
  const { source } = wrapped ?? opened;
  const name = catalog.name === undefined ? {} : { name: catalog.name };
  const title = titleOf(catalog);
  const staleAfterMs = staleAfter(catalog.settings.wait);
  return {
    ...name,
    label: labelOf(catalog),
    title,
    source,
    watched: () => ({ ...name, title, staleAfterMs, status: source.state() }),
    async registrations(pause, signal) {
      const all = await opened.registrations(pause, signal);
      return catalog.name === undefined
        ? all
        : all.map((instance) => ({ ...instance, catalogName: catalog.name ?? "" }));
    },
    close: opened.close,
  };
}

/** Milliseconds without an answer after which a catalog counts as stale: two long polls, each of which may last a wait and a sixteenth. */
function staleAfter(waitMs: number): number {
  return 2 * waitMs * (17 / 16) + 10_000;
}
