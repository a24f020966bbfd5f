import { createNomadCatalog } from "../../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../../src/simulator/nomad/server.ts";
import { type CatalogClient, createCatalogClient } from "../../support/catalog-client.ts";
import type { Tool } from "../../support/real-binaries.ts";
import { type RealConsul, type RealConsulOptions, startRealConsul } from "../../support/real-consul.ts";
import { consulCatalogProvider, nomadProvider } from "../../support/real-traefik.ts";
import { createNomadJobs } from "./nomad-jobs.ts";

export type Product = "consul" | "nomad";

/** What the services of a stage are registered in. */
export interface StageCatalog {
  readonly url: string;
  /** Throws on a stage of Nomad's. */
  consul(): RealConsul;
  readonly client: CatalogClient;
  /** The flag by which portolan is told its address. */
  readonly flag: "--consul-addr" | "--nomad-addr";
  /** Flags for Traefik's own provider, services being exposed by a tag only, as portolan reads by default. */
  providerFlags(url: string): readonly string[];
  stop(): Promise<void>;
}

export interface StageCatalogOptions {
  /** More of Consul than the test server in memory. */
  readonly consul?: RealConsulOptions | undefined;
  /** The token of the party that registers, where ACLs are on. */
  readonly operatorToken?: string | undefined;
}

/** A real Consul, or the embedded Nomad. */
export async function startStageCatalog(
  product: Product,
  tool: Tool,
  { consul: options, operatorToken }: StageCatalogOptions,
): Promise<StageCatalog> {
  if (product === "consul") {
    const consul = await startRealConsul(tool, options);
    return {
      url: consul.url,
      consul: () => consul,
      client: createCatalogClient(consul.url, operatorToken),
      flag: "--consul-addr",
      providerFlags: (url) => [...consulCatalogProvider(url), "--providers.consulCatalog.exposedByDefault=false"],
      stop: () => consul.stop(),
    };
  }
  const catalog = createNomadCatalog();
  const server = await startNomadServer({ catalog });
  return {
    url: server.url,
    consul() {
      throw new Error("this stage has a Nomad in place of Consul");
    },
    client: createNomadJobs(catalog),
    flag: "--nomad-addr",
    providerFlags: nomadProvider,
    stop: () => server.close(),
  };
}
