import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CatalogRead } from "../../src/sources/catalog/catalog-client.ts";
import type { ConsulClient } from "../../src/sources/consul/client.ts";
import { readByNode } from "../../src/sources/consul/read-by-node.ts";
import { createClient } from "../sources/consul/world.ts";
import { createCatalogClient } from "../support/catalog-client.ts";
import { BACKENDS, type Backend } from "./backends.ts";

/** So many that reading them node by node pays. */
const SERVICES = Array.from({ length: 70 }, (_, number) => `web-${number}`);
const HOW: CatalogRead = { index: 0n, consistency: "consistent", signal: new AbortController().signal };

/** One instance with whatever a registration may say, different from one to the next. */
function registration(service: string, number: number, node: string): object {
  const ID = `${service}-${node}`;
  return {
    Node: node,
    Address: `10.0.0.${node.slice(-1)}`,
    TaggedAddresses: { lan: `10.0.0.${node.slice(-1)}`, wan: `192.0.2.${node.slice(-1)}` },
    Service: {
      ID,
      Service: service,
      Port: 20_000 + number,
      Tags: [`tag-${number}`, "traefik.enable=true"],
      ...(number % 3 === 0 ? { Address: `10.1.0.${number + 1}` } : {}),
      ...(number % 4 === 0 ? { Meta: { rack: String(number) } } : {}),
      ...(number % 5 === 0 ? { Weights: { Passing: 5, Warning: 2 } } : {}),
      ...(number % 6 === 0 ? { TaggedAddresses: { wan: { Address: "198.51.100.7", Port: number + 1 } } } : {}),
    },
    Checks: [
      { CheckID: "node-alive", Name: "the node", Status: number % 7 === 0 ? "warning" : "passing" },
      { CheckID: `z-${ID}`, Name: "answers", Status: number % 8 === 0 ? "critical" : "passing", ServiceID: ID },
      { CheckID: `a-${ID}`, Name: "is quick", Status: "passing", ServiceID: ID },
    ],
  };
}

describe.each(BACKENDS)("$name", ({ start }) => {
  describe.skipIf(start === undefined)("read node by node", () => {
    let backend: Backend;
    let client: ConsulClient;

    beforeAll(async () => {
      backend = await start!();
      client = createClient(backend.url);
      const registering = createCatalogClient(backend.url);
      for (const [number, service] of SERVICES.entries()) {
        for (const node of number % 2 === 0 ? ["n1", "n2"] : ["n3"]) {
          await registering.register(registration(service, number, node));
        }
      }
    });
    afterAll(async () => {
      client.close();
      await backend.stop();
    });

    test("every service is the same as when it is read alone", async () => {
      const inBulk = await readByNode(client, new Set(SERVICES), 4, HOW);
      expect(inBulk?.size).toBe(SERVICES.length);
      for (const service of SERVICES) {
        const alone = await client.instances(service, HOW);
        expect(inBulk?.get(service)?.instances).toEqual(alone.value);
        expect(inBulk?.get(service)?.shownUpTo ?? 0n).toBeGreaterThanOrEqual(BigInt(alone.index ?? 0));
      }
    });

    test("what was not asked for is not there, and who has gone has no instance", async () => {
      const names = new Set([...SERVICES.slice(1), "nobody"]);
      const inBulk = await readByNode(client, names, 4, HOW);
      expect(inBulk?.has("web-0")).toBe(false);
      expect(inBulk?.get("nobody")?.instances).toEqual([]);
    });

    test("few services are left to be read one by one", async () => {
      expect(await readByNode(client, new Set(SERVICES.slice(0, 10)), 4, HOW)).toBeUndefined();
    });
  });
});
