import type { Catalog, CatalogSnapshot } from "../catalog/snapshot.ts";
import type { Decision } from "../decision.ts";
import type { CoreSettings } from "../settings.ts";
import type { TraefikReading } from "../traefik-result/traefik-result.ts";

/** What an answer is made of: what one pass decided, and by what. Nothing of it is decided again. */
export interface Decided {
  readonly decision: Pick<Decision, "chart" | "diagnostics" | "memory">;
  /** What the pass decided by, one for each catalog. */
  readonly snapshots: readonly CatalogSnapshot[];
  readonly settings: CoreSettings;
  /** How each catalog is read, in the order of the settings. */
  readonly catalogs: readonly ReadCatalog[];
  /** The moment of the question, in milliseconds since the epoch. */
  readonly nowMs: number;
  /** The chart's path. */
  readonly output: string;
  /** What Traefik made of the chart; absent where it is not asked. */
  readonly traefik?: TraefikReading;
  /** The number of the earlier chart that is published, by an operator's order. */
  readonly rolledBackTo?: number;
}

/** How a catalog is read, as far as it decides what is seen of it. */
export interface ReadCatalog {
  /** What the settings call it, where they list several. */
  readonly name?: string;
  readonly product: Catalog;
  /** Of its HTTP API, without credentials. */
  readonly address: string;
  /** The datacenter, or Nomad's region, that is asked; absent: that of the agent that answers. */
  readonly datacenter?: string;
  /** The namespaces that are read; `*` for all that the token may read. Empty: the product has none, or its own default counts. */
  readonly namespaces: readonly string[];
  /** Where the settings describe it: `consul`, `catalogs (dc1).nomad`. */
  readonly section: string;
  /** When it last answered; absent where that is not known. */
  readonly answeredAtMs?: number;
  /** Why it does not answer now, in words; absent where it does. */
  readonly failure?: string;
}
