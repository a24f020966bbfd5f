import { createCatalog } from "../../src/simulator/catalog.ts";
import { startCatalogServer } from "../../src/simulator/server.ts";
import { findTool } from "../support/real-binaries.ts";
import { startRealConsul } from "../support/real-consul.ts";

/** A catalog that answers at a URL; what it is made of is no business of the scenarios. */
export interface Backend {
  readonly url: string;
  /** It goes away and comes back without its data, as a cluster that lost its disks. */
  restartEmpty(): Promise<void>;
  stop(): Promise<void>;
}

export interface BackendChoice {
  readonly name: string;
  /** Undefined where this machine has no such server. */
  readonly start: (() => Promise<Backend>) | undefined;
}

const consul = await findTool("consul");

export const BACKENDS: readonly BackendChoice[] = [
  { name: "the embedded catalog", start: startEmbedded },
  { name: "real Consul", start: consul === undefined ? undefined : () => startReal(consul) },
];

async function startEmbedded(): Promise<Backend> {
  const catalog = createCatalog();
  const server = await startCatalogServer({ catalog });
  return {
    url: server.url,
    async restartEmpty() {
      await server.close();
      catalog.wipe();
      await server.reopen();
    },
    stop: () => server.close(),
  };
}

async function startReal(tool: NonNullable<typeof consul>): Promise<Backend> {
  const real = await startRealConsul(tool);
  return { url: real.url, restartEmpty: () => real.restart(), stop: () => real.stop() };
}
