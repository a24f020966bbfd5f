import type { Stage } from "../stage.ts";
import { startEmbeddedCatalog } from "./embedded.ts";
import { startNomadCatalog } from "./nomad.ts";
import type { CatalogOptions, PeerCatalog } from "./peer-catalog.ts";
import { startRealCatalog } from "./real.ts";

/** Starts the kind of catalog that the flags ask for. */
export function startCatalog(stage: Stage, options: CatalogOptions = {}): Promise<PeerCatalog> {
  if (stage.options.catalog === "nomad") return startNomadCatalog(stage);
  return stage.options.catalog === "embedded" ? startEmbeddedCatalog(stage) : startRealCatalog(stage, options);
}
