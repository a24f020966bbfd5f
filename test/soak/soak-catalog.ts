import type { CatalogServer } from "../../src/simulator/api/api-server.ts";
import { startCatalogServer } from "../../src/simulator/server.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";
import { reconnects } from "../differential/worlds/reconnects.ts";
import { until } from "../support/await-until.ts";
import { createCatalogClient } from "../support/catalog-client.ts";
import { startCatalogRelay } from "../support/catalog-relay.ts";
import { findTool } from "../support/real-binaries.ts";
import { startRealConsul } from "../support/real-consul.ts";
import type { Write } from "./weather/writes.ts";

/** A catalog that portolan watches through bad weather, and that others read and write without it. */
export interface SoakCatalog {
  /** What portolan watches. */
  readonly watched: CatalogServer;
  readonly keepsDataOverRestart: boolean;
  write(write: Write): Promise<void>;
  /** All connections end, those of writers and judges too. Resolves when it serves again. */
  restart(): Promise<void>;
  /** HOST:PORT for a judge; to be asked for before each question. */
  addressForJudge(): Promise<string>;
  stop(): Promise<void>;
}

export const CATALOGS: Readonly<Record<string, () => Promise<SoakCatalog>>> = {
  embedded: startEmbedded,
  consul: startConsul,
};

async function startEmbedded(): Promise<SoakCatalog> {
  const catalog = createCatalog();
  const watched = await startCatalogServer({ catalog });
  const sound = await startCatalogServer({ catalog });
  return {
    watched,
    keepsDataOverRestart: false,
    async write(write) {
      if (write.kind === "register") catalog.register(write.body);
      else catalog.deregister(write.body);
    },
    restart: async () => catalog.wipe(),
    addressForJudge: judgesAddress(sound),
    async stop() {
      await watched.close();
      await sound.close();
    },
  };
}

async function startConsul(): Promise<SoakCatalog> {
  const tool = await findTool("consul");
  if (tool === undefined) throw new Error("no consul; run test/tools/install");
  const consul = await startRealConsul(tool, {
    isPersistent: true,
    // Writer and judge come from the same address as portolan, which is to keep its own number of connections.
    hcl: "limits { http_max_conns_per_client = 1000 }",
  });
  const watched = await startCatalogRelay(consul.url);
  const sound = await startCatalogRelay(consul.url);
  const client = createCatalogClient(consul.url);
  return {
    watched,
    keepsDataOverRestart: true,
    write: ({ kind, body }) => client[kind](body),
    async restart() {
      await consul.restart();
      // A server answers other reads while it still goes through its log: the judge would see an old catalog.
      const isComplete = async () => (await client.get("/v1/catalog/services", "consistent")).status === 200;
      await until(isComplete, { timeoutMs: 20_000, what: "Consul to have all of its data again" });
    },
    addressForJudge: judgesAddress(sound),
    async stop() {
      await watched.stop();
      await sound.stop();
      await consul.stop();
    },
  };
}

function judgesAddress(sound: CatalogServer): () => Promise<string> {
  const beforeQuestion = reconnects(sound);
  return async () => {
    await beforeQuestion();
    return new URL(sound.url).host;
  };
}
