import type { ResourceKey } from "../traefik/chart/dynamic-config.ts";

/**
 * Why routers that nobody asks for are still published with the servers they had. A catalog has one at a time; a change of
 * the settings is none of a catalog's.
 */
export interface Hold {
  readonly kind: "source-away" | "blind" | "catalog-reset" | "mass-removal" | "settings-change";
  /** The catalog that would take them away, by its name in the settings, where they list several. */
  readonly catalogName?: string;
  /** Of the kind `blind`: why the catalog is taken to show only a part. */
  readonly reason?: string;
  readonly routers: readonly ResourceKey[];
  readonly sinceMs: number;
  /** When it ends by itself; a mass removal ends then only if the catalog has confirmed it. */
  readonly endsAtMs?: number;
}
