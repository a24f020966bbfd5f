import type { ChosenCatalog } from "./chosen.ts";
import { openConsul } from "./consul.ts";
import type { OpenCatalog, SourceParts } from "./parts.ts";

/** Opens a catalog that was chosen. Throws AppError (exit code 78) where a TLS file cannot be used. */
export async function openCatalog(catalog: ChosenCatalog, parts: SourceParts): Promise<OpenCatalog> {
  if (catalog.kind === "consul") return await openConsul(catalog.settings, parts);
  // Loaded on demand: who charts Consul does not need Nomad's HTTP client in memory.
  const { openNomad } = await import("./nomad.ts");
  return openNomad(catalog.settings, parts);
}
