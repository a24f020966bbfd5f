import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { type Acl, createAcl } from "../../../src/simulator/acl/acl.ts";
import { jsonAnswer, send } from "../../../src/simulator/api/answer.ts";
import { startCatalogServer } from "../../../src/simulator/server.ts";
import { createCatalog } from "../../../src/simulator/state/catalog.ts";
import { createClient, inWorld, register, type World } from "./world.ts";

const TOKEN = "b1ab5e12-c0de-4000-8000-00c0ffee0002";
const SERVICES = 'service_prefix "" { policy = "read" }';
const NODES = 'node_prefix "" { policy = "read" }';

function grant(acl: Acl, Rules: string): void {
  acl.writePolicy({ Name: "portolan", Rules });
}

/** A catalog with one exposed service that denies by default, and a token with these rights at first. */
async function inNarrowWorld(
  strategy: string,
  rules: string,
  play: (world: World, rights: (rules: string) => void) => Promise<void>,
): Promise<void> {
  const acl = createAcl({ managementToken: "b1ab5e12-c0de-4000-8000-00c0ffee0001" });
  grant(acl, rules);
  acl.createToken({ SecretID: TOKEN, Policies: ["portolan"] });
  const options = { token: TOKEN, waitMs: 150, resyncMs: 300, strategy, server: { acl } };
  await inWorld({ ...options, prepare: (catalog) => register(catalog, { service: "only" }) }, (world) =>
    play(world, (next) => grant(acl, next)),
  );
}

describe.each(["per-service", "per-node", "sweep"])("%s: one exposed service", (strategy) => {
  test("stays when the token loses its right to nodes, through complete reads and confirmations", async () => {
    await inNarrowWorld(strategy, SERVICES + NODES, async (world, rights) => {
      await world.eventually("the service", () => world.ports("only").length === 1);
      rights(SERVICES);
      await world.eventually("the denial", () =>
        world.reported.failures.some(({ code }) => code === "E_CATALOG_DENIED"),
      );
      await expect(world.source.confirm(new AbortController().signal)).rejects.toMatchObject({
        code: "E_CATALOG_DENIED",
      });
      // A resync and what it gives the watch, and the next one.
      await sleep(3_000);
      expect(world.ports("only")).toHaveLength(1);
      rights(SERVICES + NODES);
      await world.eventually("it to be over", () => world.source.state().consecutiveFailures === 0);
    });
  });

  test("is missing at the start where the token has no right to nodes: no snapshot, and no empty one", async () => {
    await inNarrowWorld(strategy, SERVICES, async (world, rights) => {
      await world.eventually("the denial", () =>
        world.reported.failures.some(({ code }) => code === "E_CATALOG_DENIED"),
      );
      expect(world.source.snapshot()).toBeUndefined();
      rights(SERVICES + NODES);
      await world.eventually("the service", () => world.ports("only").length === 1);
    });
  });
});

describe("a datacenter that Consul does not know", () => {
  const asked = async (known: readonly string[] | undefined) => {
    const server = await startCatalogServer({ catalog: createCatalog() });
    server.faults.set("/v1/catalog/datacenters", async ({ response, answer }) =>
      send(response, known === undefined ? await answer() : jsonAnswer(known)),
    );
    const client = createClient(server.url, { datacenter: "dc9" });
    const read = client.services({ index: 0n, consistency: "stale", signal: new AbortController().signal });
    const failure = await read.catch((error: unknown) => error);
    client.close();
    await server.close();
    return failure;
  };

  test("is a mistake in the settings, and those that there are are named", async () => {
    expect(await asked(["dc1", "dc2"])).toMatchObject({
      code: "E_CATALOG_SETTING",
      message: 'consul.datacenter: Consul knows no datacenter "dc9"; it knows dc1, dc2',
    });
  });

  test("is an outage where it is known, or where Consul does not tell", async () => {
    expect(await asked(["dc1", "dc9"])).toMatchObject({ code: "E_CATALOG_STATUS" });
    expect(await asked(undefined)).toMatchObject({ code: "E_CATALOG_STATUS" });
  });
});
