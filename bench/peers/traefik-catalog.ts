import { consulCatalogProvider, nomadProvider, startRealTraefik } from "../../test/support/real-traefik.ts";
import { startCatalog } from "../catalogs/start-catalog.ts";
import type { Stage } from "../stage.ts";
import { startWithTeardown } from "../teardown.ts";
import type { Peer } from "./peer.ts";

/** Traefik's own provider for Consul or Nomad in its watching mode, with exposure by tag as everywhere here. */
export function startTraefikCatalog(stage: Stage): Promise<Peer> {
  return startWithTeardown(async (teardown) => {
    const catalog = await startCatalog(stage);
    teardown.add(catalog.stop);
    const prefix = "--providers.consulCatalog";
    const tls =
      catalog.caFile === undefined
        ? []
        : [`${prefix}.endpoint.scheme=https`, `${prefix}.endpoint.tls.ca=${catalog.caFile}`];
    const isNomad = stage.options.catalog === "nomad";
    const traefik = await startRealTraefik(stage.traefik, {
      args: isNomad
        ? nomadProvider(catalog.url, "watch=true")
        : [...consulCatalogProvider(catalog.url), `${prefix}.exposedByDefault=false`, ...tls],
      throttleMs: stage.options.throttleMs,
      logLevel: "ERROR",
    });
    teardown.add(traefik.stop);
    return {
      name: "traefik",
      url: traefik.url,
      prepare: catalog.prepare,
      traffic: catalog.traffic,
      stop: teardown.run,
    };
  });
}
