import type { Tool } from "../../test/support/real-binaries.ts";
import { consulCatalogProvider, startRealTraefik } from "../../test/support/real-traefik.ts";
import type { Options } from "../options.ts";
import type { Instance } from "../world.ts";
import type { Peer } from "./peer.ts";
import { startPeerConsul } from "./peer-consul.ts";

/** Traefik's own provider for Consul in its watching mode, with exposure by tag as everywhere here. */
export async function startTraefikCatalog(
  tools: { readonly consul: Tool; readonly traefik: Tool },
  world: readonly Instance[],
  { throttleMs }: Options,
): Promise<Peer> {
  const consul = await startPeerConsul(tools.consul, world);
  try {
    const traefik = await startRealTraefik(tools.traefik, {
      args: [...consulCatalogProvider(consul.url), "--providers.consulCatalog.exposedByDefault=false"],
      throttleMs,
      logLevel: "ERROR",
    });
    return {
      name: "traefik",
      url: traefik.url,
      prepare: consul.prepare,
      settled: async () => {},
      consulRequests: consul.readsAnswered,
      async stop() {
        await traefik.stop();
        await consul.stop();
      },
    };
  } catch (error) {
    await consul.stop();
    throw error;
  }
}
