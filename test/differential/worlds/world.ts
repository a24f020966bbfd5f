import type { Catalog, ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import type { Operation, ProviderOptions } from "../../support/oracle.ts";
import type { CatalogCase } from "../generators/catalogs.ts";

/** A catalog on a socket that holds one case after the other. */
export interface World {
  readonly catalog: Catalog;
  /** Holds nothing but this from now on. */
  fill(candidate: CatalogCase): void;
  /** The instances as the source's own decoder reads them. */
  readInstances(): readonly ServiceInstance[];
  /** What to ask the oracle for Traefik's view of it. */
  question(options: ProviderOptions): Promise<Operation>;
  stop(): Promise<void>;
}
