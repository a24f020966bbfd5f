import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AllocationDefinition } from "../../../src/simulator/nomad/rows/allocation.ts";
import { recording } from "../../fixtures/nomad/recordings.ts";
import { type Agent, type Answer, startAgent } from "./agent.ts";

const A = "96ae0c8b-7352-2b14-bb9c-a1a88d99cb44";
const B = "c92475fa-09b2-42ce-9f2d-6141fc7f0ded";
const NODE = "3f4fb4fa-7044-5ef1-a4a8-000000000001";

let agent: Agent;
beforeEach(async () => {
  agent = await startAgent();
});
afterEach(() => agent.close());

type Row = Readonly<Record<string, unknown>>;

/** Fields that differ from cluster to cluster: the places in its log, times, and what makes an id of an evaluation. */
const OF_THE_CLUSTER =
  /Index$|Time$|^(Timestamp|EvalID|RequireProgressBy|ProgressDeadline|AutoRevert|NodeName|NodeID|Node|Hash|Description)$/;

function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (!(value instanceof Object)) return value;
  const kept = Object.entries(value).filter(([key]) => !OF_THE_CLUSTER.test(key));
  return Object.fromEntries(kept.map(([key, member]) => [key, comparable(member)]));
}

function expectAsRecorded(answer: Answer, name: string): void {
  const { status, headers, body } = recording(name);
  expect(answer.status).toBe(status);
  const present = (found: object) => Object.entries(found).flatMap(([key, text]) => (text === null ? [] : [key]));
  expect(new Set(present(answer.headers))).toEqual(new Set(present(headers)));
  expect(comparable(answer.body)).toEqual(comparable(body));
}

/** Places what a recording lists, each under its number in the job. */
function place(name: string): void {
  for (const row of recording(name).body as (AllocationDefinition & { Name: string })[]) {
    agent.catalog.placeAllocation({ ...row, AllocIndex: Number(/\[(\d+)\]$/.exec(row.Name)?.[1]) });
  }
}

describe("allocations in each state of a job", () => {
  test.each(["job-allocations", "canary-job-allocations", "promoted-job-allocations"])("%s", async (name) => {
    place(name);
    expectAsRecorded(await agent.get(recording(name).request), name);
  });

  test("draining-allocations", async () => {
    place("draining-allocations");
    const answer = await agent.get("/v1/allocations");
    expectAsRecorded(answer, "draining-allocations");
    const moving = (answer.body as AllocationDefinition[]).filter(
      ({ DesiredTransition }) => DesiredTransition?.Migrate,
    );
    expect(moving).toMatchObject([{ DesiredStatus: "run", ClientStatus: "running" }]);
  });

  test("one as a whole leaves out what is not set", async () => {
    const recorded = recording("allocation").body as AllocationDefinition;
    agent.catalog.registerJob({ ID: recorded.JobID });
    agent.catalog.placeAllocation({
      ...recorded,
      TaskGroup: "app",
      Ports: [{ Label: "http", Value: 21_191 }],
      AllocIndex: 1,
    });
    const { body } = await agent.get(`/v1/allocation/${A}`);
    const ours = Object.keys(body as Row);
    expect(ours.filter((key) => !Object.hasOwn(recorded, key))).toEqual([]);
    // What is cut from the recording is not simulated either.
    expect(Object.keys(recorded).filter((key) => !ours.includes(key))).toEqual([]);
    agent.catalog.changeAllocation(A, { DesiredTransition: { Migrate: true }, DesiredStatus: "stop" });
    expect((await agent.get(`/v1/allocation/${A}`)).body).toMatchObject({ DesiredTransition: { Migrate: true } });
  });

  test("those of a client, each as a whole with its job", async () => {
    agent.catalog.registerJob({ ID: "web" });
    agent.catalog.placeAllocation({ ID: A, JobID: "web" });
    agent.catalog.placeAllocation({ ID: B, JobID: "web", NodeID: "another" });
    expect((await agent.get(`/v1/node/${NODE}/allocations`)).body).toMatchObject([{ ID: A, Job: { ID: "web" } }]);
    agent.catalog.registerJob({ ID: "web", Version: 1 });
    expect((await agent.get(`/v1/allocation/${A}`)).body).toMatchObject({ Job: { Version: 0 } });
  });

  test("a change wakes a query on the allocation, on its job and on its client, and none on others", async () => {
    agent.catalog.placeAllocation({ ID: A, JobID: "web", ClientStatus: "pending" });
    agent.catalog.placeAllocation({ ID: B, JobID: "wiki" });
    const { index } = await agent.get("/v1/allocations");
    const woken = [`/v1/allocation/${A}`, "/v1/job/web/allocations", `/v1/node/${NODE}/allocations`, "/v1/nodes"];
    // One after the other: the agent tells only how many have come.
    const queries: Awaited<ReturnType<Agent["block"]>>[] = [];
    for (const path of woken) queries.push(await agent.block(path, index));
    const asleep = await agent.block("/v1/job/wiki/allocations", index);
    agent.catalog.changeAllocation(A, { ClientStatus: "running" });
    await Promise.all(queries.map(({ answer }) => answer));
    expect(asleep.isOver()).toBe(false);
    agent.catalog.changeAllocation(B, { ClientStatus: "complete" });
    expect((await asleep.answer).body).toMatchObject([{ ID: B, ClientStatus: "complete" }]);
  });

  test("one that there is not", async () => {
    expect(await agent.get(`/v1/allocation/${A}`)).toMatchObject({ status: 404, body: "alloc not found" });
    expect(await agent.get("/v1/job/none/allocations")).toMatchObject({ status: 200, body: [] });
  });
});

describe("checks of an allocation", () => {
  const checks = (id = A) => agent.get(`/v1/client/allocation/${id}/checks`);
  const values = (body: unknown) => Object.values(body as Record<string, Row>);

  test.each([
    ["allocation-checks", "success", "windmill"],
    ["allocation-checks-failing", "failure", "sick"],
  ] as const)("%s", async (name, Status, Service) => {
    const [theirs] = values(recording(name).body);
    const AllocIndex = /\[(\d+)\]$/.exec(String(theirs?.["Group"]))?.[1] === "1" ? 1 : 0;
    agent.catalog.placeAllocation({ ID: A, JobID: Service, AllocIndex });
    agent.catalog.setCheck(A, { Service, Status });
    const answer = await checks();
    const [ours] = values(answer.body);
    expect([answer.status, answer.headers["X-Nomad-Index"]]).toEqual([200, null]);
    expect({ ...ours, ID: "", Timestamp: 0 }).toEqual({ ...theirs, ID: "", Timestamp: 0 });
    expect(Object.keys(answer.body as Row)).toEqual([ours?.["ID"]]);
  });

  test("null for an allocation without checks, and for one that was stopped", async () => {
    agent.catalog.placeAllocation({ ID: A, JobID: "web" });
    expectAsRecorded(await checks(), "allocation-checks-none");
    agent.catalog.setCheck(A, { Service: "web", Status: "success" });
    agent.catalog.changeAllocation(A, { DesiredStatus: "stop", ClientStatus: "complete" });
    expectAsRecorded(await checks(), "allocation-checks-stopped");
  });

  test("404 for one that the agent does not know", async () => {
    expectAsRecorded(await checks("00000000-0000-0000-0000-000000000000"), "allocation-checks-unknown");
  });

  test("each check has its own latest result, which is a client's word: no index moves and no query is woken", async () => {
    agent.catalog.placeAllocation({ ID: A, JobID: "web" });
    const before = await agent.get("/v1/allocations");
    agent.catalog.setCheck(A, { Service: "web", Status: "pending" });
    agent.catalog.setCheck(A, { Service: "web", Check: "ready", Status: "failure", Mode: "readiness", Timestamp: 1 });
    agent.catalog.setCheck(A, { Service: "web", Status: "success" });
    expect(values((await checks()).body)).toMatchObject([
      { Check: "alive", Status: "success", Mode: "healthiness" },
      { Check: "ready", Status: "failure", Mode: "readiness", Timestamp: 1 },
    ]);
    expect((await agent.get("/v1/allocations")).index).toBe(before.index);
  });
});

describe("deployments", () => {
  const recorded = () => recording("canary-deployment").body as Row & { TaskGroups: { app: Row } };

  test.each([
    ["/v1/job/windmill/deployment", (body: unknown) => body],
    ["/v1/job/windmill/deployments", (body: unknown) => (body as unknown[])[0]],
    ["/v1/deployments?namespace=*", (body: unknown) => (body as unknown[])[0]],
    [`/v1/deployment/${String((recording("canary-deployment").body as Row)["ID"])}`, (body: unknown) => body],
  ])("a canary waits for its promotion: %s", async (path, one) => {
    const theirs = recorded();
    agent.catalog.putDeployment({
      ...{ ID: String(theirs["ID"]), JobID: "windmill", JobVersion: 1, DesiredCanaries: 1, DesiredTotal: 2 },
      ...{ HealthyAllocs: 1, PlacedAllocs: 1, PlacedCanaries: ["c5e98d3f-1bc8-2bd9-71db-b0c59ae482a5"] },
    });
    const { body } = await agent.get(path);
    expect(comparable(one(body))).toEqual(comparable(theirs));
    expect(new Set(Object.keys(one(body) as Row))).toEqual(new Set(Object.keys(theirs)));
  });

  test("the latest of a job; null where it has had none", async () => {
    expect(await agent.get("/v1/job/web/deployment")).toMatchObject({ status: 200, body: null });
    agent.catalog.putDeployment({ ID: "first", JobID: "web", Status: "successful" });
    agent.catalog.putDeployment({ ID: "second", JobID: "web" });
    agent.catalog.putDeployment({ ID: "first", JobID: "web", Status: "cancelled" });
    expect((await agent.get("/v1/job/web/deployment")).body).toMatchObject({ ID: "second" });
  });
});

describe("jobs", () => {
  const job = { ID: "windmill", Canary: 1, ShutdownDelayMs: 1_000 };

  test.each([
    ["job", { ...job, Count: 2 }],
    ["zero-job", { ...job, Count: 0, Version: 2 }],
  ])("%s", async (name, definition) => {
    agent.catalog.registerJob(definition);
    const { body } = await agent.get("/v1/job/windmill");
    const theirs = recording(name).body as Row & { TaskGroups: readonly Row[] };
    const { TaskGroups: ours, ...rest } = body as typeof theirs;
    const { TaskGroups: recorded, Version, ...others } = theirs;
    expect(comparable(rest)).toEqual(comparable({ ...others, Version }));
    expect(ours[0]).toMatchObject({ Count: recorded[0]?.["Count"], Name: "app", ShutdownDelay: 1e9 });
  });

  test("one that was stopped, and one that there is not", async () => {
    agent.catalog.registerJob({ ID: "web", Stop: true });
    expect((await agent.get("/v1/job/web")).body).toMatchObject({ Stop: true, Status: "dead" });
    agent.catalog.removeJob({ ID: "web" });
    expect(await agent.get("/v1/job/web")).toMatchObject({ status: 404, body: "job not found" });
  });

  test("scale tells what a group wants and has", async () => {
    agent.catalog.registerJob({ ID: "windmill", Count: 2 });
    place("job-allocations");
    expectAsRecorded(await agent.get("/v1/job/windmill/scale"), "job-scale");
    for (const ID of [A, B]) agent.catalog.changeAllocation(ID, { DesiredStatus: "stop", ClientStatus: "complete" });
    agent.catalog.registerJob({ ID: "windmill", Count: 0 });
    expectAsRecorded(await agent.get("/v1/job/windmill/scale"), "zero-job-scale");
  });
});

describe("clients", () => {
  const strategy = { Deadline: 3e9, IgnoreSystemJobs: false, StartedAt: "2026-11-29T20:28:08.93359049Z" };

  test("while one is drained and after it", async () => {
    agent.catalog.registerNode({ Name: "embedded", DrainStrategy: strategy });
    const shown = async () => ((await agent.get("/v1/nodes")).body as Row[])[0];
    const recorded = (name: string) => (recording(name).body as Row[])[0];
    expect(new Set(Object.keys((await shown()) ?? {}))).toEqual(new Set(Object.keys(recorded("draining-nodes") ?? {})));
    const said = ({ Drain, SchedulingEligibility, Status }: Row) => ({ Drain, SchedulingEligibility, Status });
    expect(said((await shown()) ?? {})).toEqual(said(recorded("draining-nodes") ?? {}));
    expect((await agent.get(`/v1/node/${NODE}`)).body).toMatchObject({ DrainStrategy: strategy });
    agent.catalog.registerNode({ Name: "embedded", SchedulingEligibility: "ineligible" });
    expect(said((await shown()) ?? {})).toEqual(said(recorded("drained-nodes") ?? {}));
    expect((await agent.get(`/v1/node/${NODE}`)).body).toMatchObject({ DrainStrategy: null });
  });
});

describe("namespaces", () => {
  test("are listed with an index of their own", async () => {
    agent.catalog.createNamespace("team");
    const answer = await agent.get("/v1/namespaces");
    expectAsRecorded(answer, "namespaces");
    agent.catalog.register({ ServiceName: "web", Port: 24_001 });
    expect((await agent.get("/v1/namespaces")).index).toBe(answer.index);
    agent.catalog.removeNamespace("team");
    expect((await agent.get("/v1/namespaces")).body).toMatchObject([{ Name: "default" }]);
  });

  test("one that is empty and one that there is not look alike: nothing, under an index", async () => {
    agent.catalog.createNamespace("team");
    for (const namespace of ["team", "nowhere"]) {
      expect(await agent.get(`/v1/services?namespace=${namespace}`)).toMatchObject({ status: 200, index: 1, body: [] });
    }
  });
});
