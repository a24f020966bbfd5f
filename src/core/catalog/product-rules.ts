import type { Catalog } from "./snapshot.ts";

/** What the products are called in messages to the operator. */
export const PRODUCT_NAMES = { consul: "Consul", nomad: "Nomad" } as const satisfies Readonly<Record<Catalog, string>>;

/** What differs between the products that instances are registered in, as far as it decides about their routes. */
export interface ProductRules {
  /** Traefik's provider for the product trims white space around a tag's key and value. */
  readonly trimsTags: boolean;
  /** It reads `enable` and `canary` under one exact key each; else any key that begins so counts, in any case. */
  readonly hasExactKeys: boolean;
  /** A port of 0 or less stands for none; else it is a port like any other. */
  readonly zeroIsNoPort: boolean;
  /** Its registrations come with their checks; else their health is what a Nomad says of their allocations, or none. */
  readonly tellsHealth: boolean;
  /** Its registrations have their node's name; else its id alone. */
  readonly namesNodes: boolean;
}

/** One row for each product; a new one has its row beside that of its HTTP API in `sources/catalog/product.ts`. */
export const PRODUCT_RULES: Readonly<Record<Catalog, ProductRules>> = {
  consul: { trimsTags: false, hasExactKeys: false, zeroIsNoPort: false, tellsHealth: true, namesNodes: true },
  nomad: { trimsTags: true, hasExactKeys: true, zeroIsNoPort: true, tellsHealth: false, namesNodes: false },
};
