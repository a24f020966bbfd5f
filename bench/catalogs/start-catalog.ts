import type { Stage } from "../stage.ts";
import { startEmbeddedCatalog } from "./embedded.ts";
import type { CatalogOptions, PeerCatalog } from "./peer-catalog.ts";
import { startRealCatalog } from "./real.ts";

/** Starts the kind of catalog that the flags ask for. */
export function startCatalog(stage: Stage, options: CatalogOptions = {}): Promise<PeerCatalog> {
  return stage.options.catalog === "embedded" ? startEmbeddedCatalog(stage) : startRealCatalog(stage, options);
}
