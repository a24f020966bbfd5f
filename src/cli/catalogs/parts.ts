import type { CatalogSource, SourceReporter } from "../../sources/source.ts";

/** A source with the connections below it. */
export interface OpenCatalog {
  readonly source: CatalogSource;
  close(): void;
}

/** What a source is given besides its settings. */
export interface SourceParts {
  /** The source's name for itself. */
  readonly source: string;
  readonly reporter: SourceReporter;
  isWatched(unionTags: readonly string[]): boolean;
  changed(): void;
}
