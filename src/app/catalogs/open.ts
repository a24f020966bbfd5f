import type { ChosenCatalog } from "./chosen.ts";
import type { OpenCatalog, SourceParts } from "./parts.ts";

/**
 * Opens a catalog that was chosen. Throws AppError (exit code 78) where a TLS file cannot be used. Clients are loaded on
 * demand, and with them node-consul and axios: a command that asks no catalog needs neither, nor does a chart of Nomad's
 * services need Consul's client.
 */
export async function openCatalog(catalog: ChosenCatalog, parts: SourceParts): Promise<OpenCatalog> {
  if (catalog.kind === "consul") {
    const { openConsul } = await import("./consul.ts");
    return await openConsul(catalog.settings, parts);
  }
  const { openNomad } = await import("./nomad.ts");
  return openNomad(catalog.settings, parts);
}
