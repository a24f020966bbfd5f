import { PRODUCTS } from "../../sources/catalog/product.ts";
import { createNomadClient } from "../../sources/nomad/client.ts";
import { createNomadSource } from "../../sources/nomad/source.ts";
import type { ChosenCatalog } from "./chosen.ts";
import { connectionTo } from "./connection.ts";
import type { OpenCatalog, SourceParts } from "./parts.ts";

type NomadSettings = Extract<ChosenCatalog, { kind: "nomad" }>["settings"];

export function openNomad(settings: NomadSettings, parts: SourceParts): OpenCatalog {
  const connection = connectionTo(settings, PRODUCTS.nomad, parts);
  const client = createNomadClient({
    ...connection.client,
    denied: (namespaces) => connection.source.visibility.sawDenied(namespaces),
    ...(settings.region === undefined ? {} : { region: settings.region }),
    ...(settings.namespace === undefined ? {} : { namespace: settings.namespace }),
  });
  return { source: createNomadSource({ ...connection.source, client }), close: async () => client.close() };
}
