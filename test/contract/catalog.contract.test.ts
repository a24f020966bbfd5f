import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type CatalogClient, createCatalogClient } from "../support/catalog-client.ts";
import { BACKENDS, type Backend } from "./backends.ts";
import { buildWorld, checkOnly, instance, nodeOnly, sortedTags } from "./world.ts";

describe.each(BACKENDS)("$name", ({ start }) => {
  describe.skipIf(start === undefined)("answers", () => {
    let backend: Backend;
    let client: CatalogClient;

    beforeAll(async () => {
      backend = await start!();
      client = createCatalogClient(backend.url);
    });
    afterAll(() => backend.stop());
    beforeEach(() => buildWorld(client));

    describe("endpoints", () => {
      test("catalog/services maps each name to the union of its tags, and the server's own service is there", async () => {
        const { body } = await client.get("/v1/catalog/services");
        expect(sortedTags(body)).toEqual({
          consul: [],
          alpha: ["blue", "green", "web"],
          beta: [],
          gamma: [],
          delta: [],
        });
      });

      test("catalog/services ignores a filter", async () => {
        const { status, body } = await client.get("/v1/catalog/services", "filter=ServiceName==beta");
        expect(status).toBe(200);
        expect(body).toHaveProperty("alpha");
      });

      test("a service leaves catalog/services with its last instance", async () => {
        await client.deregister({ Node: "n1", ServiceID: "alpha" });
        expect((await client.get("/v1/catalog/services")).body).toHaveProperty("alpha");
        await client.deregister({ Node: "n2", ServiceID: "alpha" });
        expect((await client.get("/v1/catalog/services")).body).not.toHaveProperty("alpha");
      });

      test("health/service gives each instance with its node, its service and its checks", async () => {
        await client.register(
          instance("n1", "alpha", { Address: "10.9.9.9", Meta: { team: "a" }, Weights: { Passing: 3, Warning: 2 } }),
        );
        const { body } = await client.get("/v1/health/service/alpha");
        expect(body).toHaveLength(2);
        expect((body as unknown[])[0]).toEqual({
          Node: {
            ID: "",
            Node: "n1",
            Address: "10.0.0.1",
            Datacenter: "dc1",
            TaggedAddresses: null,
            Meta: {},
            CreateIndex: expect.any(Number),
            ModifyIndex: expect.any(Number),
          },
          Service: {
            ID: "alpha",
            Service: "alpha",
            Tags: [],
            Address: "10.9.9.9",
            Meta: { team: "a" },
            Port: 20000,
            Weights: { Passing: 3, Warning: 2 },
            EnableTagOverride: false,
            Proxy: { MeshGateway: {}, Expose: {} },
            Connect: {},
            CreateIndex: expect.any(Number),
            ModifyIndex: expect.any(Number),
          },
          Checks: [
            {
              Node: "n1",
              CheckID: "service:alpha",
              Name: "alpha",
              Status: "passing",
              Notes: "",
              Output: "",
              ServiceID: "alpha",
              ServiceName: "alpha",
              // The check was not registered again, so it still shows the tags of then.
              ServiceTags: ["web", "blue"],
              Type: "",
              Definition: {},
              CreateIndex: expect.any(Number),
              ModifyIndex: expect.any(Number),
            },
          ],
        });
      });

      test("catalog/service gives each instance flat and without its health", async () => {
        const { body } = await client.get("/v1/catalog/service/beta");
        expect(body).toEqual([
          {
            ID: "",
            Node: "n2",
            Address: "10.0.0.2",
            Datacenter: "dc1",
            TaggedAddresses: null,
            NodeMeta: {},
            ServiceKind: "",
            ServiceID: "beta",
            ServiceName: "beta",
            ServiceTags: [],
            ServiceAddress: "",
            ServiceWeights: { Passing: 1, Warning: 1 },
            ServiceMeta: {},
            ServicePort: 20000,
            ServiceEnableTagOverride: false,
            ServiceProxy: { MeshGateway: {}, Expose: {} },
            ServiceConnect: {},
            CreateIndex: expect.any(Number),
            ModifyIndex: expect.any(Number),
          },
        ]);
      });

      test("catalog/node gives a node with its services by ID", async () => {
        const { body } = await client.get("/v1/catalog/node/n2");
        expect(body).toMatchObject({
          Node: { Node: "n2", Address: "10.0.0.2" },
          Services: { alpha: { ID: "alpha", Port: 20000, Meta: null }, beta: { ID: "beta", Port: 20000 } },
        });
      });

      test("catalog/nodes lists the nodes in order, the server among them", async () => {
        const { body } = await client.get("/v1/catalog/nodes");
        expect((body as { Node: string }[]).map(({ Node }) => Node)).toEqual(["consul-server", "n1", "n2", "n3"]);
      });

      test.each([
        ["critical", ["service:gamma"]],
        ["warning", ["service:delta"]],
        ["passing", ["serfHealth", "service:alpha", "service:alpha", "service:beta"]],
        ["any", ["serfHealth", "service:alpha", "service:alpha", "service:beta", "service:delta", "service:gamma"]],
        ["nonsense", []],
      ])("health/state/%s lists the checks in that state", async (state, expected) => {
        const { body } = await client.get(`/v1/health/state/${state}`);
        expect((body as { CheckID: string }[]).map(({ CheckID }) => CheckID).toSorted(byCodeUnit)).toEqual(expected);
      });

      test.each([
        ['Status != "passing"', ["service:delta", "service:gamma"]],
        ['Status == "warning"', ["service:delta"]],
        ["Status == critical", ["service:gamma"]],
      ])("health/state/any shows what a filter lets through: %s", async (filter, expected) => {
        const { body } = await client.get(`/v1/health/state/any?filter=${encodeURIComponent(filter)}`);
        expect((body as { CheckID: string }[]).map(({ CheckID }) => CheckID).toSorted(byCodeUnit)).toEqual(expected);
      });

      test("a filter that cannot be read is an error of the server", async () => {
        const { status } = await client.get(`/v1/health/state/any?filter=${encodeURIComponent("Status !! passing")}`);
        expect(status).toBe(500);
      });

      test("health/node lists the checks of a node and of its services", async () => {
        await client.register(checkOnly("n2", { CheckID: "serfHealth", Name: "serf", Status: "passing" }));
        const { body } = await client.get("/v1/health/node/n2");
        expect(body).toMatchObject([
          { CheckID: "serfHealth", ServiceID: "" },
          { CheckID: "service:alpha", ServiceID: "alpha" },
          { CheckID: "service:beta", ServiceID: "beta" },
        ]);
      });

      test.each([
        ["/v1/health/service/unknown", []],
        ["/v1/catalog/service/unknown", []],
        ["/v1/health/node/unknown", []],
        ["/v1/catalog/node/unknown", null],
      ])("%s is 200 and empty, never 404", async (path, expected) => {
        const { status, body, index } = await client.get(path);
        expect({ status, body }).toEqual({ status: 200, body: expected });
        expect(index).toBeGreaterThanOrEqual(1);
      });

      test("status/leader names a leader and agent/self the datacenter", async () => {
        expect((await client.get("/v1/status/leader")).body).toMatch(/^127\.0\.0\.1:\d+$/);
        expect((await client.get("/v1/agent/self")).body).toMatchObject({
          Config: { Datacenter: "dc1", NodeName: "consul-server", Server: true, Version: "1.8.7" },
        });
      });

      test.each(["/v1/nothing", "/v1/catalog/nothing"])("%s does not exist: 404", async (path) => {
        expect((await client.get(path)).status).toBe(404);
      });

      test("a name that is left out is refused", async () => {
        expect(await client.get("/v1/health/service/")).toMatchObject({ status: 400, body: "Missing service name" });
        expect(await client.get("/v1/catalog/node/")).toMatchObject({ status: 400, body: "Missing node name" });
      });

      test("the wrong method is refused, and the right one named", async () => {
        const { status, headers } = await client.put("/v1/catalog/services", "");
        expect(status).toBe(405);
        expect(headers.get("allow")).toBe("OPTIONS,GET");
      });
    });

    describe("health", () => {
      test("node checks come in one list with the service's, node's first, and concern every service of the node", async () => {
        const maintenance = { CheckID: "_node_maintenance", Name: "Node Maintenance Mode", Status: "critical" };
        await client.register(checkOnly("n2", maintenance));
        for (const service of ["alpha", "beta"]) {
          const { body } = await client.get(`/v1/health/service/${service}`);
          const onNode2 = (body as { Node: { Node: string } }[]).find(({ Node }) => Node.Node === "n2");
          expect(onNode2).toMatchObject({
            Checks: [{ CheckID: "_node_maintenance", Status: "critical" }, { CheckID: `service:${service}` }],
          });
        }
        const { body } = await client.get("/v1/health/service/alpha", "passing");
        expect(body).toMatchObject([{ Node: { Node: "n1" } }]);
      });

      test("a check is critical until its status is set", async () => {
        await client.register(checkOnly("n1", { CheckID: "c", Name: "c", ServiceID: "alpha" }));
        const { body } = await client.get("/v1/health/state/critical");
        expect(body).toContainEqual(expect.objectContaining({ Node: "n1", CheckID: "c" }));
      });

      test.each([
        ["passing", 0],
        ["passing=true", 0],
        ["passing=false", 1],
      ])("?%s leaves %i of a service whose check is a warning", async (params, count) => {
        expect((await client.get("/v1/health/service/delta", params)).body).toHaveLength(count);
      });

      test.each([
        ["tag=blue", ["n1"]],
        ["tag=BLUE", ["n1"]],
        ["tag=web", ["n1", "n2"]],
        ["tag=web&tag=green", ["n2"]],
        ["tag=nothing", []],
      ])("?%s keeps the instances that have the tags, whatever their case", async (params, nodes) => {
        const health = await client.get("/v1/health/service/alpha", params);
        expect((health.body as { Node: { Node: string } }[]).map(({ Node }) => Node.Node)).toEqual(nodes);
        const catalog = await client.get("/v1/catalog/service/alpha", params);
        expect((catalog.body as { Node: string }[]).map(({ Node }) => Node)).toEqual(nodes);
      });
    });

    describe("writing", () => {
      test("an entry keeps its CreateIndex, and its ModifyIndex moves with its content only", async () => {
        const entry = async (service: string) => {
          const { body } = await client.get("/v1/catalog/node/n2");
          return (body as { Services: Record<string, { CreateIndex: number; ModifyIndex: number }> }).Services[
            service
          ]!;
        };
        const [alpha, beta] = [await entry("alpha"), await entry("beta")];
        await client.register(instance("n2", "beta", {}, "passing"));
        expect(await entry("beta")).toEqual(beta);
        await client.register(instance("n2", "beta", { Port: 20001 }, "passing"));
        expect(await entry("alpha")).toEqual(alpha);
        expect((await entry("beta")).CreateIndex).toBe(beta.CreateIndex);
        expect((await entry("beta")).ModifyIndex).toBeGreaterThan(beta.ModifyIndex);
      });

      test("what is left out has Consul's defaults", async () => {
        await client.register({ Node: "n1", Address: "10.0.0.1", Service: { Service: "plain" } });
        expect((await client.get("/v1/catalog/service/plain")).body).toMatchObject([
          { ServiceID: "plain", ServiceTags: [], ServiceAddress: "", ServicePort: 0, ServiceWeights: { Passing: 1 } },
        ]);
      });

      test("SkipNodeUpdate leaves the node as it is", async () => {
        await client.register({
          Node: "n1",
          Address: "10.7.7.7",
          SkipNodeUpdate: true,
          Service: { Service: "beta" },
        });
        expect((await client.get("/v1/catalog/node/n1")).body).toMatchObject({ Node: { Address: "10.0.0.1" } });
      });

      test("tagged addresses are shown as they were registered", async () => {
        const TaggedAddresses = { lan: { Address: "192.168.11.5", Port: 24563 } };
        await client.register(instance("n1", "alpha", { TaggedAddresses }));
        const { body } = await client.get("/v1/health/service/alpha");
        expect((body as unknown[])[0]).toMatchObject({ Service: { TaggedAddresses } });
      });

      test("deregistering a service takes its checks with it", async () => {
        await client.deregister({ Node: "n2", ServiceID: "beta" });
        expect((await client.get("/v1/health/node/n2")).body).toMatchObject([{ CheckID: "service:alpha" }]);
      });

      test("deregistering a node takes everything on it", async () => {
        await client.deregister({ Node: "n2" });
        expect((await client.get("/v1/catalog/node/n2")).body).toBeNull();
        expect((await client.get("/v1/health/service/beta")).body).toEqual([]);
        expect((await client.get("/v1/health/node/n2")).body).toEqual([]);
        expect((await client.get("/v1/health/service/alpha")).body).toHaveLength(1);
      });

      test.each([
        [{}, "Must provide node"],
        [{ Node: "n9" }, "Must provide address if SkipNodeUpdate is not set"],
        [{ ...nodeOnly("n1"), Service: { ID: "x" } }, "Must provide service name with ID"],
        [
          { ...nodeOnly("n1"), Check: { CheckID: "c", Name: "c", ServiceID: "unknown" } },
          'failed inserting check: Missing service registration on node "n1"',
        ],
        [
          { ...nodeOnly("n1"), Check: { Node: "n2", CheckID: "c", Name: "c" } },
          'check node "n2" does not match node "n1"',
        ],
      ])("%j is refused: %s", async (body, message) => {
        expect(await client.put("/v1/catalog/register", JSON.stringify(body))).toMatchObject({
          status: 500,
          body: message,
        });
      });

      test("a registration is taken as a whole or not at all", async () => {
        const check = { CheckID: "c", Name: "c", ServiceID: "unknown" };
        const { status } = await client.put(
          "/v1/catalog/register",
          JSON.stringify({ ...instance("n4", "half"), Check: check }),
        );
        expect(status).toBe(500);
        expect((await client.get("/v1/catalog/node/n4")).body).toBeNull();
        expect((await client.get("/v1/catalog/service/half")).body).toEqual([]);
      });

      test.each([
        "",
        "no JSON",
        "[]",
        '{"Node":5}',
        '{"Node":"n1","Address":"a","Service":{"Service":"x","Port":"1"}}',
      ])("a body %j is refused with 400", async (body) => {
        const answer = await client.put("/v1/catalog/register", body);
        expect(answer.status).toBe(400);
        expect(answer.body).toMatch(/^Request decode failed: /);
      });
    });

    describe("consistency", () => {
      test.each([
        ["", "leader"],
        ["stale", "stale"],
        ["consistent", "consistent"],
      ])("?%s answers with the effective mode %s and the facts about the leader", async (params, mode) => {
        const { status, headers } = await client.get("/v1/health/service/alpha", params);
        expect(status).toBe(200);
        expect(headers.get("content-type")).toBe("application/json");
        expect(headers.get("x-consul-effective-consistency")).toBe(mode);
        expect(headers.get("x-consul-knownleader")).toBe("true");
        expect(headers.get("x-consul-lastcontact")).toBe("0");
        expect(headers.get("x-consul-index")).toMatch(/^[1-9]\d*$/);
      });

      test("both modes at once are refused", async () => {
        expect((await client.get("/v1/catalog/services", "stale&consistent")).status).toBe(400);
      });

      test("the headers of a refusal are no facts about the cluster", async () => {
        const { status, index, headers } = await client.get("/v1/catalog/services", "dc=elsewhere");
        expect({ status, index }).toEqual({ status: 500, index: 1 });
        expect(headers.get("x-consul-knownleader")).toBe("false");
      });
    });
  });
});

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
