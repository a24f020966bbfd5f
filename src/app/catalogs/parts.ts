import type { ServiceInstance } from "../../core/catalog/snapshot.ts";
import type { CatalogSource, SourceReporter } from "../../sources/catalog/source.ts";
import type { CredentialReporter } from "../../sources/credentials/credential-reporter.ts";

/** A source with the connections below it. */
export interface OpenCatalog {
  readonly source: CatalogSource;
  /** Every registration, one request after the other, each after the pause. Rejects with a CatalogError. */
  registrations(pause: () => Promise<void>, signal: AbortSignal): Promise<readonly ServiceInstance[]>;
  /** Closes connections and logs out where a login gave the token; takes two seconds at most. */
  close(): Promise<void>;
}

/** What a source is given besides its settings. */
export interface SourceParts {
  /** The source's name for itself. */
  readonly source: string;
  readonly reporter: SourceReporter & CredentialReporter;
  /** Whether a service is read at all: by the key of the list, and the tags of its instances. */
  isWatched(unionTags: readonly string[], service: string): boolean;
  changed(): void;
}
