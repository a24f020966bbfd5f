import { PRODUCTS } from "../../sources/catalog/product.ts";
import { createNomadClient } from "../../sources/nomad/client.ts";
import { createNomadEvents } from "../../sources/nomad/events/events.ts";
import { readAllByService } from "../../sources/nomad/read-all.ts";
import { createNomadSource } from "../../sources/nomad/source.ts";
import type { ChosenCatalog } from "./chosen.ts";
import { connectionTo } from "./connection.ts";
import type { OpenCatalog, SourceParts } from "./parts.ts";

type NomadSettings = Extract<ChosenCatalog, { kind: "nomad" }>["settings"];

export function openNomad(settings: NomadSettings, parts: SourceParts): OpenCatalog {
  const connection = connectionTo(settings, PRODUCTS.nomad, parts);
  const scope = {
    ...(settings.region === undefined ? {} : { region: settings.region }),
    ...(settings.namespace === undefined ? {} : { namespaces: settings.namespace }),
  };
  const { clock, random } = connection.source;
  const events = createNomadEvents({ ...connection.client, ...scope, clock, random, reporter: parts.reporter });
  const client = createNomadClient({
    ...connection.client,
    ...scope,
    doubted: (message) => parts.reporter.settingDoubted(message),
    shown: events.sawNamespaces,
    denied: (namespaces) => connection.source.visibility.sawDenied(namespaces),
  });
  return {
    source: createNomadSource({ ...connection.source, client, events }),
    registrations: (pause, signal) => readAllByService(client, pause, signal),
    close: async () => client.close(),
  };
}
