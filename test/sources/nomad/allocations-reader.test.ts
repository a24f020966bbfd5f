import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { CatalogServer } from "../../../src/simulator/api/api-server.ts";
import { answersWrongType } from "../../../src/simulator/faults/faults.ts";
import { createNomadCatalog } from "../../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../../src/simulator/nomad/server.ts";
import { PRODUCTS } from "../../../src/sources/catalog/product.ts";
import { openEndpoint } from "../../../src/sources/http/client/endpoint.ts";
import { openConnections } from "../../../src/sources/http/client/open.ts";
import { createConnectionBudget } from "../../../src/sources/http/connection-budget.ts";
import { decodeAllocation, decodeAllocations } from "../../../src/sources/nomad/decode-allocations.ts";
import { decodeChecks } from "../../../src/sources/nomad/decode-checks.ts";
import { createSchedulerReader } from "../../../src/sources/nomad/scheduler-reader.ts";
import { recording } from "../../fixtures/nomad/recordings.ts";

const A = "96ae0c8b-7352-2b14-bb9c-a1a88d99cb44";
const B = "c5e98d3f-1bc8-2bd9-71db-b0c59ae482a5";

describe("what /v1/allocations says", () => {
  test("a real agent's list: jobs, namespaces and nodes; without resources no port", () => {
    const { body } = recording("allocations");
    expect(decodeAllocations(body)).toEqual([
      {
        ...{
          id: A,
          namespace: "default",
          job: "windmill",
          group: "app",
          jobVersion: 0,
          node: "node-1",
          isCanary: false,
          ports: [],
        },
        ...{ clientStatus: "running", deployment: "healthy", isStopped: false, isLeaving: false, modifyIndex: 23 },
      },
      expect.objectContaining({ id: "c92475fa-09b2-42ce-9f2d-6141fc7f0ded", job: "windmill" }),
      expect.objectContaining({ id: "9321d837-a17e-4531-d354-bb6e0a4c99be", namespace: "team", job: "wiki" }),
    ]);
  });

  test("a real agent's canary, with the port that it was given", () => {
    // What is left out of the recording is as in any other that runs.
    const body = { ClientStatus: "running", DesiredStatus: "run", ...(recording("canary-allocation").body as object) };
    expect(decodeAllocations([body])).toEqual([
      {
        id: B,
        namespace: "default",
        job: "windmill",
        group: "app",
        node: "node-1",
        isCanary: true,
        ports: [{ address: "127.0.0.1", port: 21_178 }],
        ...{ jobVersion: 0, clientStatus: "running", deployment: "healthy", isStopped: false, isLeaving: false },
        modifyIndex: 0,
      },
    ]);
  });

  test("a real agent's drain: the one that is to be moved, and those that Nomad has stopped", () => {
    const drained = decodeAllocations(recording("draining-allocations").body);
    expect(drained.map(({ isStopped, isLeaving }) => ({ isStopped, isLeaving }))).toEqual([
      ...Array.from({ length: 4 }, () => ({ isStopped: true, isLeaving: false })),
      { isStopped: false, isLeaving: true },
    ]);
  });

  test.each([
    ["stop", "running", true],
    ["evict", "running", true],
    ["stop", "complete", true],
    ["stop", "lost", false],
    ["run", "failed", false],
    ["run", "unknown", false],
  ])(
    "wanted %s and %s: stopped is what Nomad wants stopped, and whose client is there: %j",
    (DesiredStatus, ClientStatus, isStopped) => {
      const [known] = recording("allocations").body as object[];
      expect(decodeAllocations([{ ...known, DesiredStatus, ClientStatus }])).toMatchObject([{ isStopped }]);
    },
  );

  test("ports of an older job's tasks, static ones too", () => {
    const [known] = recording("allocations").body as object[];
    const AllocatedResources = {
      Shared: { Networks: null, Ports: null },
      Tasks: { web: { Networks: [{ IP: "10.0.0.1", DynamicPorts: [{ Value: 1 }], ReservedPorts: [{ Value: 2 }] }] } },
    };
    expect(decodeAllocations([{ ...known, AllocatedResources }])).toMatchObject([
      {
        ports: [
          { address: "10.0.0.1", port: 1 },
          { address: "10.0.0.1", port: 2 },
        ],
      },
    ]);
  });

  test("a real agent's allocation as a whole: its deployment, and that its group has checks", () => {
    expect(decodeAllocation(recording("allocation").body)).toEqual({
      ...{ id: A, namespace: "default", job: "windmill", jobVersion: 0, group: "app", node: "node-1" },
      ...{ isCanary: false, clientStatus: "running", isStopped: false, isLeaving: false, modifyIndex: 23 },
      ...{ deployment: "healthy", deploymentId: "f5d33197-19b9-1f41-9fa1-0516eed2d922", hasChecks: true },
      ports: [expect.objectContaining({ address: "127.0.0.1" })],
    });
  });

  test.each([
    ["of Consul's services", { Services: [{ Provider: "consul", Checks: [{}] }] }, false],
    ["of none", { Services: [{ Provider: "nomad", Checks: null }] }, false],
    ["of a task's service", { Services: null, Tasks: [{ Services: [{ Provider: "nomad", Checks: [{}] }] }] }, true],
  ])("checks %s: %j", (_what, definition, hasChecks) => {
    const known = recording("allocation").body as { readonly Job: object };
    const Job = { ...known.Job, TaskGroups: [{ Name: "other" }, { Name: "app", ...definition }] };
    expect(decodeAllocation({ ...known, Job })).toMatchObject({ hasChecks });
  });

  test.each([[{}], [[{ ID: A }]], [null]])("%j is refused", (body) => {
    expect(() => decodeAllocations(body)).toThrow(expect.objectContaining({ code: "E_CATALOG_SHAPE" }));
  });
});

describe("asking a Nomad for allocations", () => {
  let server: CatalogServer;
  const catalog = createNomadCatalog();
  beforeAll(async () => {
    server = await startNomadServer({ catalog });
    catalog.placeAllocation({ ID: A, JobID: "web", Ports: [{ Label: "http", Value: 24_001 }] });
    catalog.placeAllocation({ ID: B, JobID: "wiki", Namespace: "team" });
  });
  afterEach(() => {
    server.faults.clear();
    server.requests.reset();
    catalog.setTokens(undefined);
  });
  afterAll(() => server.close());

  function openReader(token: string) {
    return createSchedulerReader({
      connections: openConnections(openEndpoint(server.url, {}, PRODUCTS.nomad), 2),
      readToken: () => token,
      budget: createConnectionBudget(2),
      waitMs: 0,
      maxAnswerBytes: 1024 * 1024,
      maxStaleMs: 30_000,
      requested() {},
      answered() {},
      region: "global",
    });
  }

  async function ask(ids: readonly string[], token = "") {
    const reader = openReader(token);
    try {
      return (await reader.allocations(ids, new AbortController().signal)).map(({ id }) => id).sort();
    } finally {
      reader.close();
    }
  }

  test("few are asked for one by one, each as a whole, of the leader; one that is not there is looked for in the list", async () => {
    expect(await ask([A, B])).toEqual([A, B]);
    expect(server.requests.count()).toBe(2);
    expect(server.requests.last("/v1/allocation/*")?.url).toBe(`/v1/allocation/${B}?region=global`);
    expect(await ask(["00000000-0000-0000-0000-000000000000"])).toEqual([]);
    expect(server.requests.count("/v1/allocations")).toBe(1);
    const asked = server.requests.last("/v1/allocations");
    expect(Object.fromEntries(new URL(asked?.url ?? "/", server.url).searchParams)).toEqual({
      namespace: "*",
      resources: "true",
      task_states: "false",
      region: "global",
      prefix: "00000000-0000-0000-0000-000000000000",
    });
  });

  test("many are read as one list", async () => {
    expect(await ask(Array.from({ length: 9 }, () => A))).toEqual([A, B]);
    expect(server.requests.count("/v1/allocations")).toBe(1);
  });

  test("none asks nothing", async () => {
    expect(await ask([])).toEqual([]);
    expect(server.requests.count("/v1/allocations")).toBe(0);
  });

  test("a token sees those of the namespaces that it may read; without any the right that is missing is named", async () => {
    catalog.setTokens(
      new Map([
        ["team", { readJob: ["team"] }],
        ["nodes", { readNodes: true }],
      ]),
    );
    expect(await ask([A, B], "team")).toEqual([B]);
    await expect(ask([A], "nodes")).rejects.toMatchObject({
      code: "E_CATALOG_DENIED",
      message: expect.stringContaining('namespace "*" { capabilities = ["read-job"] }'),
    });
  });

  test("something else than a list is an error", async () => {
    server.faults.set("*", answersWrongType());
    for (const ids of [[A], Array.from({ length: 9 }, () => A)])
      await expect(ask(ids)).rejects.toMatchObject({ code: "E_CATALOG_SHAPE" });
  });

  test("what a deployment has not decided is told by the deployment, which is asked for only then", async () => {
    const ids = ["1", "2", "3", "4"].map((digit) => digit.repeat(8) + A.slice(8));
    const [RUNNING = "", OVER = "", DECIDED = "", FORGOTTEN = ""] = ids;
    catalog.placeAllocation({ ID: RUNNING, JobID: "deployed", JobVersion: 2, DeploymentID: "d2" });
    catalog.placeAllocation({ ID: OVER, JobID: "deployed", JobVersion: 1, DeploymentID: "d1" });
    catalog.placeAllocation({ ID: DECIDED, JobID: "deployed", DeploymentStatus: { Canary: false, Healthy: true } });
    catalog.placeAllocation({ ID: FORGOTTEN, JobID: "deployed", JobVersion: 3, DeploymentID: "d3" });
    catalog.putDeployment({ ID: "d1", JobID: "deployed", JobVersion: 1, Status: "failed" });
    catalog.putDeployment({ ID: "d2", JobID: "deployed", JobVersion: 2, Status: "running" });
    const reader = openReader("");
    const deploymentOf = async (id: string) =>
      (await reader.allocations([id], new AbortController().signal)).map(({ deployment }) => deployment);
    expect(await deploymentOf(DECIDED)).toEqual(["healthy"]);
    expect(server.requests.count("/v1/deployment/*")).toBe(0);
    expect(await deploymentOf(RUNNING)).toEqual(["undecided"]);
    expect(await deploymentOf(OVER)).toEqual(["none"]);
    expect(await deploymentOf(FORGOTTEN)).toEqual(["none"]);
    const many = await reader.allocations(
      [...ids, ...Array.from({ length: 5 }, () => A)],
      new AbortController().signal,
    );
    const listed = new Map(many.map(({ id, deployment }) => [id, deployment]));
    expect(ids.map((id) => listed.get(id))).toEqual(["undecided", "none", "healthy", "none"]);
    expect(server.requests.count("/v1/deployments")).toBe(1);
    reader.close();
  });

  test("whether its group has checks is told with one that is read alone, and by itself, of the version that it runs", async () => {
    const CHECKED = "5".repeat(8) + A.slice(8);
    catalog.registerJob({ ID: "checked", Services: [{ Name: "checked", Checks: ["alive"] }] });
    catalog.placeAllocation({ ID: CHECKED, JobID: "checked" });
    catalog.registerJob({ ID: "checked", Version: 1, Services: [{ Name: "checked" }] });
    const reader = openReader("");
    const { signal } = new AbortController();
    expect(await reader.allocations([CHECKED], signal)).toMatchObject([{ jobVersion: 0, hasChecks: true }]);
    expect(await reader.definition(CHECKED, signal)).toEqual({ jobVersion: 0, hasChecks: true });
    expect(server.requests.last("/v1/allocation/*")?.url).toContain("stale");
    expect(await reader.definition(A, signal)).toBeUndefined();
    expect(await reader.definition("00000000-0000-0000-0000-000000000000", signal)).toBeUndefined();
    reader.close();
  });

  test("a job was stopped where it is so, or is not there; not where it wants nothing, or may not be seen", async () => {
    catalog.registerJob({ ID: "stopped", Stop: true, Namespace: "team" });
    catalog.registerJob({ ID: "asleep", Count: 0 });
    const reader = openReader("");
    const { signal } = new AbortController();
    const isStopped = (job: string, namespace = "default") => reader.isJobStopped({ job, namespace }, signal);
    expect(await isStopped("stopped", "team")).toBe(true);
    expect(await isStopped("asleep")).toBe(false);
    expect(await isStopped("purged")).toBe(true);
    catalog.setTokens(new Map([["", { readJob: ["default"] }]]));
    expect(await isStopped("stopped", "team")).toBe(false);
    server.faults.set("/v1/job/*", answersWrongType());
    await expect(isStopped("asleep")).rejects.toMatchObject({ code: "E_CATALOG_SHAPE" });
    reader.close();
  });

  test("the clients that are being drained are told by their names, to a token that may read nodes", async () => {
    const reader = openReader("");
    expect([...(await reader.drainedClients(new AbortController().signal))]).toEqual([]);
    catalog.registerNode({ Name: "embedded", DrainStrategy: { Deadline: 1, IgnoreSystemJobs: true, StartedAt: "" } });
    expect([...(await reader.drainedClients(new AbortController().signal))]).toEqual(["embedded"]);
    catalog.registerNode({ Name: "embedded" });
    catalog.setTokens(new Map([["", { readJob: ["*"] }]]));
    await expect(reader.drainedClients(new AbortController().signal)).rejects.toMatchObject({
      code: "E_CATALOG_DENIED",
      message: expect.stringContaining("node {"),
    });
    reader.close();
  });

  describe("for the checks of one", () => {
    async function checksOf(id: string, token = "") {
      const reader = openReader(token);
      try {
        return await reader.checks(id, new AbortController().signal);
      } finally {
        reader.close();
      }
    }

    test("each is told with its service and its latest result", async () => {
      catalog.setCheck(A, { Service: "web", Status: "pending" });
      catalog.setCheck(A, { Service: "admin", Check: "ready", Status: "failure" });
      expect(await checksOf(A)).toEqual([
        { service: "web", name: "alive", status: "pending" },
        { service: "admin", name: "ready", status: "failure" },
      ]);
    });

    test("one without checks has none, and one that Nomad does not know is not known", async () => {
      expect(await checksOf(B)).toEqual([]);
      expect(await checksOf("00000000-0000-0000-0000-000000000000")).toBeUndefined();
    });

    test("the right that a token lacks is named", async () => {
      catalog.setTokens(new Map([["team", { readJob: ["team"] }]]));
      await expect(checksOf(A, "team")).rejects.toMatchObject({
        code: "E_CATALOG_DENIED",
        message: expect.stringContaining('"read-job"'),
      });
    });

    test("an agent that cannot reach the client is an error, and not an allocation without checks", async () => {
      server.faults.set("/v1/client/allocation/*", answersWrongType());
      await expect(checksOf(A)).rejects.toMatchObject({ code: "E_CATALOG_SHAPE" });
    });
  });

  test.each([
    ["allocation-checks", [{ service: "windmill", name: "alive", status: "success" }]],
    ["allocation-checks-failing", [{ service: "sick", name: "alive", status: "failure" }]],
    ["allocation-checks-none", []],
    ["allocation-checks-stopped", []],
  ])("a real agent's %s", (name, expected) => {
    expect(decodeChecks(recording(name).body)).toEqual(expected);
  });
});
