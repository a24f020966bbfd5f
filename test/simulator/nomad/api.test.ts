import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CatalogServer } from "../../../src/simulator/api/api-server.ts";
import type { NomadCatalog } from "../../../src/simulator/nomad/catalog.ts";
import { recording } from "../../fixtures/nomad/recordings.ts";
import { type Agent, startAgent } from "./agent.ts";

let agent: Agent;
let catalog: NomadCatalog;
let server: CatalogServer;
beforeEach(async () => {
  agent = await startAgent();
  ({ catalog, server } = agent);
});
afterEach(() => agent.close());

const get = (path: string) => agent.get(path);
const block = (path: string, index: number) => agent.block(path, index);

/** A body without its indexes, lists in an order of their own: Nomad's are in none. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(comparable).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (!(value instanceof Object)) return value;
  const entries = Object.entries(value).filter(([key]) => !["CreateIndex", "ModifyIndex"].includes(key));
  return Object.fromEntries(entries.map(([key, member]) => [key, comparable(member)]));
}

describe("a real agent's answers, given its registrations", () => {
  test.each([
    ["services", ["service-windmill", "service-windmill-grpc"]],
    ["services-all-namespaces", ["service-windmill", "service-windmill-grpc"]],
    ["service-windmill", ["service-windmill", "service-windmill-grpc"]],
    ["service-unknown", ["service-windmill"]],
    ["canary-services", ["canary-service-windmill", "service-windmill-grpc"]],
    ["canary-service-windmill", ["canary-service-windmill"]],
    ["drained-services", []],
  ])("%s", async (name, registered) => {
    const rows = registered.flatMap((one) => recording(one).body as object[]);
    for (const row of rows) catalog.register(row as Parameters<NomadCatalog["register"]>[0]);
    const { request, headers, body } = recording(name);
    const answer = await get(request);
    expect(answer.status).toBe(200);
    expect(comparable(answer.body)).toEqual(comparable(body));
    expect(Object.keys(Object(answer.body))).toEqual(Object.keys(Object(body)));
    expect({ ...answer.headers, "X-Nomad-Index": "" }).toEqual({ ...headers, "X-Nomad-Index": "" });
  });

  test("a client has the same fields, and shows its resources to a request that asks for them", async () => {
    const { request, headers, body } = recording("nodes");
    catalog.registerNode({ Name: "embedded", MinDynamicPort: 21_000, ReservedHostPorts: "22" });
    const answer = await get(request);
    const [ours] = answer.body as Record<string, object>[];
    const [theirs] = body as Record<string, object>[];
    expect({ ...answer.headers, "X-Nomad-Index": "" }).toEqual({ ...headers, "X-Nomad-Index": "" });
    for (const part of [undefined, "NodeResources", "ReservedResources"]) {
      const [one, other] = part === undefined ? [ours, theirs] : [ours?.[part], theirs?.[part]];
      expect(new Set(Object.keys(one ?? {}))).toEqual(new Set(Object.keys(other ?? {})));
    }
    expect(ours).toMatchObject({
      NodeResources: { MinDynamicPort: 21_000, MaxDynamicPort: 32_000 },
      ReservedResources: { Networks: { ReservedHostPorts: "22" } },
    });
    const [bare] = (await get("/v1/nodes")).body as object[];
    expect(Object.keys(ours ?? {}).filter((key) => !Object.hasOwn(bare ?? {}, key))).toEqual([
      "NodeResources",
      "ReservedResources",
    ]);
  });

  test("a changed client wakes a query on clients, a changed service is not", async () => {
    const { index } = await get("/v1/nodes");
    const waiting = await block("/v1/nodes", index);
    catalog.register({ ServiceName: "web", Port: 24_001 });
    await get("/v1/services");
    expect(waiting.isOver()).toBe(false);
    catalog.registerNode({ Name: "second" });
    expect((await waiting.answer).body).toHaveLength(2);
    catalog.removeNode("second");
    expect((await get("/v1/nodes")).body).toHaveLength(1);
  });

  test("a registration has the same fields", async () => {
    catalog.register({ ServiceName: "web", Port: 24_001 });
    const [ours] = (await get("/v1/service/web")).body as object[];
    const [theirs] = recording("service-windmill").body as object[];
    expect(new Set(Object.keys(ours ?? {}))).toEqual(new Set(Object.keys(theirs ?? {})));
  });
});

describe("allocations", () => {
  const A = "96ae0c8b-7352-2b14-bb9c-a1a88d99cb44";
  const B = "c5e98d3f-1bc8-2bd9-71db-b0c59ae482a5";

  test("an allocation has the fields of a real agent's, in each state of a deployment", async () => {
    const { request, headers, body } = recording("allocations");
    for (const row of body as Parameters<NomadCatalog["placeAllocation"]>[0][]) catalog.placeAllocation(row);
    const answer = await get(request);
    expect({ ...answer.headers, "X-Nomad-Index": "" }).toEqual({ ...headers, "X-Nomad-Index": "" });
    const shapes = (rows: unknown) =>
      (rows as { ID: string; DeploymentStatus: object | null; TaskStates: null }[]).map((row) => [
        row.ID,
        new Set(Object.keys(row)),
        new Set(Object.keys(row.DeploymentStatus ?? {})),
        row.TaskStates,
      ]);
    expect(shapes(answer.body)).toEqual(shapes(body));
  });

  test("resources are shown to a request that asks for them, as a real agent shows them", async () => {
    const { AllocatedResources } = recording("canary-allocation").body as { AllocatedResources: object };
    catalog.placeAllocation({ ID: B, JobID: "windmill", TaskGroup: "web", Ports: [{ Label: "http", Value: 21_178 }] });
    const [bare] = (await get("/v1/allocations")).body as object[];
    expect(bare).not.toHaveProperty("AllocatedResources");
    const [shown] = (await get("/v1/allocations?resources=true")).body as object[];
    expect(shown).toMatchObject({ AllocatedResources });
  });

  test("a change wakes a query on them, and neither one on services nor the reverse", async () => {
    catalog.placeAllocation({ ID: B, JobID: "web", DeploymentStatus: { Canary: true, Healthy: null } });
    const before = await get("/v1/allocations");
    const waiting = await block("/v1/allocations", before.index);
    catalog.register({ ServiceName: "web", Port: 24_001 });
    await get("/v1/services");
    expect(waiting.isOver()).toBe(false);
    catalog.placeAllocation({ ID: B, JobID: "web", DeploymentStatus: { Canary: false, Healthy: true } });
    expect((await waiting.answer).body).toMatchObject([{ DeploymentStatus: { Canary: false } }]);
    catalog.removeAllocation(B);
    expect((await get("/v1/allocations")).body).toEqual([]);
  });

  test("one is found by its whole id, and in all namespaces", async () => {
    catalog.placeAllocation({ ID: A, JobID: "web" });
    catalog.placeAllocation({ ID: B, JobID: "wiki", Namespace: "team" });
    const found = async (query: string) =>
      ((await get(`/v1/allocations?${query}`)).body as { ID: string }[]).map(({ ID }) => ID);
    expect(await found("")).toEqual([A]);
    expect(await found("namespace=team")).toEqual([B]);
    expect(await found(`namespace=*&prefix=${B}`)).toEqual([B]);
  });
});

describe("indexes", () => {
  test("every answer has that of the table: what was asked does not matter", async () => {
    catalog.register({ ServiceName: "web", Port: 24_001 });
    catalog.register({ ServiceName: "api", Port: 24_002 });
    const answers = await Promise.all(["/v1/services", "/v1/service/web", "/v1/service/none"].map(get));
    expect(new Set(answers.map(({ index }) => index)).size).toBe(1);
  });

  test("a registration keeps its first index, and one that changes nothing moves none", async () => {
    catalog.register({ ServiceName: "web", Port: 24_001 });
    const [first] = (await get("/v1/service/web")).body as { CreateIndex: number }[];
    catalog.register({ ServiceName: "web", Port: 24_002 });
    const changed = await get("/v1/service/web");
    expect(changed.body).toMatchObject([{ CreateIndex: first?.CreateIndex, ModifyIndex: changed.index, Port: 24_002 }]);
    catalog.register({ ServiceName: "web", Port: 24_002 });
    expect((await get("/v1/service/web")).index).toBe(changed.index);
  });

  test("an empty table has index 1, and falls back to it when the data is lost", async () => {
    expect((await get("/v1/services")).index).toBe(1);
    catalog.register({ ServiceName: "web", Port: 24_001 });
    expect((await get("/v1/services")).index).toBeGreaterThan(1);
    catalog.wipe();
    expect(await get("/v1/services")).toMatchObject({ index: 1, body: [] });
  });
});

describe("blocking", () => {
  const place = (ServiceName: string, Port: number, more = {}) => catalog.register({ ServiceName, Port, ...more });

  test("the list is woken by a change of a port, though its body is the same", async () => {
    place("web", 24_001);
    const before = await get("/v1/services");
    const { answer } = await block("/v1/services", before.index);
    place("web", 24_002);
    const after = await answer;
    expect(after.index).toBeGreaterThan(before.index);
    expect(after.body).toEqual(before.body);
  });

  test("an open query on a service sleeps through a change elsewhere; asked again it answers at once", async () => {
    place("web", 24_001);
    const { index } = await get("/v1/service/web");
    const { answer, isOver } = await block("/v1/service/web", index);
    place("api", 24_002);
    const again = await get(`/v1/service/web?index=${index}&wait=1m`);
    expect(again.index).toBeGreaterThan(index);
    expect(isOver()).toBe(false);
    place("web", 24_003);
    expect((await answer).body).toMatchObject([{ Port: 24_003 }]);
  });

  test("a service that takes another name under its ID wakes both", async () => {
    place("web", 24_001, { ID: "x" });
    place("api", 24_002, { ID: "y" });
    const { index } = await get("/v1/services");
    const polls = [await block("/v1/service/web", index), await block("/v1/service/api", index)];
    place("api", 24_001, { ID: "x" });
    const bodies = (await Promise.all(polls.map(({ answer }) => answer))).map(({ body }) => body);
    expect(bodies[0]).toEqual([]);
    expect(bodies[1]).toMatchObject([{ ID: "x" }, { ID: "y" }]);
  });

  test("a list of one namespace sleeps through another's changes, that of all does not", async () => {
    place("web", 24_001, { Namespace: "a" });
    const { index } = await get("/v1/services?namespace=*");
    const one = await block("/v1/services?namespace=a", index);
    const all = await block("/v1/services?namespace=*", index);
    place("web", 24_002, { Namespace: "b" });
    expect((await all.answer).body).toMatchObject([{ Namespace: "a" }, { Namespace: "b" }]);
    expect(one.isOver()).toBe(false);
    place("web", 24_003, { Namespace: "a" });
    expect((await one.answer).body).toMatchObject([{ Namespace: "a" }]);
  });

  test("a wait that is over gives what is there; a wipe ends the wait", async () => {
    place("web", 24_001);
    const { index } = await get("/v1/services");
    expect(await get(`/v1/services?index=${index}&wait=10ms`)).toMatchObject({ status: 200, index });
    const { answer } = await block("/v1/services", index);
    catalog.wipe();
    expect(await answer).toMatchObject({ index: 1, body: [] });
  });
});

test("the filter of Traefik's provider: a tag that is there to the letter", async () => {
  catalog.register({ ServiceName: "web", Port: 1, ID: "a", Tags: ["traefik.enable=true"] });
  catalog.register({ ServiceName: "web", Port: 2, ID: "b", Tags: ["traefik.enable = true"] });
  catalog.register({ ServiceName: "web", Port: 3, ID: "c", Tags: null });
  const filter = encodeURIComponent('Tags contains "traefik.enable=true"');
  expect((await get(`/v1/service/web?filter=${filter}`)).body).toMatchObject([{ ID: "a" }]);
});

test.each([
  ["/v1/service/web?filter=Port%20==%201", 400, /cannot read Port == 1/],
  ["/v1/service/", 400, /missing service name/],
  ["/v1/services?wait=soon", 400, /Invalid wait time/],
  ["/v1/services?index=-1", 400, /Invalid index/],
  ["/v1/services?region=elsewhere", 500, /No path to region/],
  ["/v1/jobs", 404, /^$/],
])("%s answers %i", async (path, status, body) => {
  const answer = await get(path);
  expect(answer.status).toBe(status);
  expect(answer.body).toMatch(body);
});

test("only reading is possible from outside", async () => {
  expect((await fetch(`${server.url}/v1/services`, { method: "PUT" })).status).toBe(405);
});

test("what is not registered cannot be taken away", () => {
  expect(() => catalog.deregister({ ID: "none" })).toThrow("service registration not found");
});

test("the facts that clients ask for first", async () => {
  expect((await get("/v1/regions")).body).toEqual(["global"]);
  expect((await get("/v1/agent/self")).body).toMatchObject({ config: { Region: "global" }, member: { Port: 4648 } });
  expect((await get("/v1/status/leader")).body).toMatch(/^127\.0\.0\.1:\d+$/);
});
