import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { CatalogServer } from "../../../src/simulator/api/api-server.ts";
import { answers403, answersEmpty, answersWrongType, type Fault } from "../../../src/simulator/faults/faults.ts";
import { createNomadCatalog } from "../../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../../src/simulator/nomad/server.ts";
import { PRODUCTS } from "../../../src/sources/catalog/product.ts";
import { openEndpoint } from "../../../src/sources/http/client/endpoint.ts";
import { openConnections } from "../../../src/sources/http/client/open.ts";
import { createConnectionBudget } from "../../../src/sources/http/connection-budget.ts";
import { decodeClients } from "../../../src/sources/nomad/decode-clients.ts";
import { createSchedulerReader } from "../../../src/sources/nomad/scheduler-reader.ts";
import { recording } from "../../fixtures/nomad/recordings.ts";

/** A client as Nomad lists it, with these ports. */
function listed(NodeResources: object | null | undefined, ReservedHostPorts = ""): object {
  return { ID: "1", Name: "a", NodeResources, ReservedResources: { Networks: { ReservedHostPorts } } };
}

describe("what /v1/nodes says of ports", () => {
  test("a real agent's answer", () => {
    expect(decodeClients(recording("nodes").body)).toEqual([
      { node: "vm", id: expect.any(String), dynamic: { first: 20_000, last: 32_000 }, reserved: [] },
    ]);
  });

  test("a client that is down or drained counts: what runs there keeps its ports", () => {
    const [one] = recording("nodes").body as object[];
    const others = [{ Status: "down" }, { SchedulingEligibility: "ineligible", Drain: true }];
    expect(decodeClients(others.map((more) => ({ ...one, ...more })))).toHaveLength(2);
  });

  test.each([
    [{ MinDynamicPort: 0, MaxDynamicPort: 0 }, 20_000, 32_000],
    [{ MinDynamicPort: 21_000 }, 21_000, 32_000],
    [{ MaxDynamicPort: 30_000 }, 20_000, 30_000],
    [{}, 20_000, 32_000],
  ])("%j: Nomad's default stands for what is left out", (resources, first, last) => {
    expect(decodeClients([listed(resources)])).toMatchObject([{ dynamic: { first, last } }]);
  });

  test("reserved ports are ports and ranges", () => {
    expect(decodeClients([listed({}, "22, 8000-8100,nonsense")])).toMatchObject([
      {
        reserved: [
          { first: 22, last: 22 },
          { first: 8000, last: 8100 },
        ],
      },
    ]);
  });

  test.each([
    ["no client", [], "lists no client"],
    ["a list without resources", [{ ID: "1", Name: "a" }], "0.NodeResources"],
    ["a range upside down", [listed({ MinDynamicPort: 32_000, MaxDynamicPort: 20_000 })], "32000 to 20000"],
    ["a port that is none", [listed({ MinDynamicPort: 70_000 })], "0.NodeResources.MinDynamicPort"],
    ["no list", {}, "the body"],
  ])("%s is no range", (_what, body, part) => {
    expect(() => decodeClients(body)).toThrow(
      expect.objectContaining({ code: "E_CATALOG_SHAPE", message: expect.stringContaining(part) }),
    );
  });
});

describe("asking a Nomad", () => {
  let server: CatalogServer;
  const catalog = createNomadCatalog();
  beforeAll(async () => {
    server = await startNomadServer({ catalog });
  });
  afterEach(() => {
    server.faults.clear();
    server.requests.reset();
  });
  afterAll(() => server.close());

  async function read(more: { readonly region?: string } = {}) {
    const reader = createSchedulerReader({
      connections: openConnections(openEndpoint(server.url, {}, PRODUCTS.nomad), 1),
      readToken: () => "the-token",
      budget: createConnectionBudget(1),
      waitMs: 0,
      maxAnswerBytes: 1024 * 1024,
      maxStaleMs: 30_000,
      requested() {},
      answered() {},
      ...more,
    });
    try {
      return await reader.clients(new AbortController().signal);
    } finally {
      reader.close();
    }
  }

  test("one plain read of all clients with their resources, from any server, with the token", async () => {
    catalog.registerNode({
      Name: "second",
      MinDynamicPort: 21_000,
      MaxDynamicPort: 22_000,
      ReservedHostPorts: "21500",
    });
    const clients = await read({ region: "global" });
    expect(clients).toEqual([
      { node: "embedded", id: expect.any(String), dynamic: { first: 20_000, last: 32_000 }, reserved: [] },
      {
        node: "second",
        id: expect.any(String),
        dynamic: { first: 21_000, last: 22_000 },
        reserved: [{ first: 21_500, last: 21_500 }],
      },
    ]);
    const asked = server.requests.last("/v1/nodes");
    expect(Object.fromEntries(new URL(asked?.url ?? "/", server.url).searchParams)).toEqual({
      resources: "true",
      region: "global",
      stale: "",
    });
    expect(asked?.headers).toMatchObject({ "x-nomad-token": "the-token" });
  });

  test.each<[string, Fault, object]>([
    [
      "a refusal names the right that is missing",
      answers403("Permission denied"),
      { code: "E_CATALOG_DENIED", message: expect.stringContaining('node { policy = "read" }') },
    ],
    ["an empty list", answersEmpty(), { code: "E_CATALOG_SHAPE" }],
    ["something else", answersWrongType(), { code: "E_CATALOG_SHAPE" }],
  ])("%s", async (_what, fault, error) => {
    server.faults.set("/v1/nodes", fault);
    await expect(read()).rejects.toMatchObject(error);
  });
});
