import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFakeClock, type FakeClock } from "../../fakes/fake-clock.ts";
import { aclMatrix, eventStream } from "../../fixtures/nomad/recordings.ts";
import { until } from "../../support/await-until.ts";
import { type Agent, startAgent } from "./agent.ts";
import { openStream, type Stream } from "./stream.ts";

const ALLOCATION = "96ae0c8b-7352-2b14-bb9c-a1a88d99cb44";

let clock: FakeClock;
let agent: Agent;
const streams: Stream[] = [];
beforeEach(async () => {
  clock = createFakeClock(0);
  agent = await startAgent({ clock });
});
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.close();
  await agent.close();
});

async function open(query: string, token = "", more: Readonly<Record<string, string>> = {}): Promise<Stream> {
  const headers = { "X-Nomad-Token": token, ...more };
  const stream = await openStream(`${agent.server.url}/v1/event/stream?${query}`, headers);
  streams.push(stream);
  return stream;
}

const eventsOf = ({ lines }: Stream) => lines.flatMap(({ Events = [] }) => Events);
const eventually = (what: string, condition: () => unknown) => until(condition, { what, timeoutMs: 5_000 });

describe("an event has the shape of a real agent's", () => {
  /** Where the recording has one of this topic and type, what stands around the payload. */
  function recorded(topic: string, type: string) {
    const events = eventStream.flatMap(({ Events = [] }) => Events);
    return events.find(({ Topic, Type }) => Topic === topic && Type === type);
  }

  test("around its payload, and the payload has all that identifies the thing", async () => {
    const { catalog } = agent;
    catalog.registerJob({ ID: "web", Count: 1 });
    const placed = {
      ID: ALLOCATION,
      JobID: "web",
      DeploymentID: "d",
      DeploymentStatus: { Canary: true, Healthy: null },
    };
    catalog.putDeployment({ ID: "d", JobID: "web", DesiredCanaries: 1 });
    catalog.placeAllocation({ ...placed, ClientStatus: "pending" });
    catalog.register({ ServiceName: "web", Port: 24_001, AllocID: ALLOCATION });
    catalog.changeAllocation(ALLOCATION, {
      ClientStatus: "running",
      DeploymentStatus: { Canary: true, Healthy: true },
    });
    catalog.putDeployment({ ID: "d", JobID: "web", DesiredCanaries: 1, HealthyAllocs: 1 });
    catalog.putDeployment({ ID: "d", JobID: "web", DesiredCanaries: 1, Promoted: true });
    catalog.changeAllocation(ALLOCATION, { DeploymentStatus: { Canary: false, Healthy: true } });
    catalog.putDeployment({ ID: "d", JobID: "web", DesiredCanaries: 1, Promoted: true, Status: "successful" });
    const drain = { Deadline: 3e9, IgnoreSystemJobs: false, StartedAt: "2026-11-29T20:28:08.93359049Z" };
    catalog.registerNode({ Name: "embedded", DrainStrategy: drain });
    catalog.changeAllocation(ALLOCATION, { DesiredTransition: { Migrate: true } });
    catalog.changeAllocation(ALLOCATION, { DesiredStatus: "stop" });
    catalog.deregister({ ID: `_nomad-task-${ALLOCATION}-group-web-web-http` });
    catalog.changeAllocation(ALLOCATION, { ClientStatus: "complete" });
    const stream = await open("");
    await eventually("the last event", () =>
      eventsOf(stream).some(({ Payload }) => Payload["Allocation"]?.["ClientStatus"] === "complete"),
    );
    const seen = eventsOf(stream);
    expect(seen.map(({ Topic, Type }) => `${Topic} ${Type}`)).toEqual([
      "Node NodeRegistration",
      "Job JobRegistered",
      "Deployment PlanResult",
      "Allocation PlanResult",
      "Service ServiceRegistration",
      ...["Allocation AllocationUpdated", "Node AllocationUpdated", "Deployment AllocationUpdated"],
      ...["Deployment DeploymentPromotion", "Allocation DeploymentPromotion", "Deployment PlanResult"],
      ...["Node NodeDrain", "Allocation AllocationUpdateDesiredStatus", "Allocation PlanResult"],
      "Service ServiceDeregistration",
      ...["Allocation AllocationUpdated", "Node AllocationUpdated"],
    ]);
    for (const event of seen) {
      const theirs = recorded(event.Topic, event.Type);
      expect(theirs, `${event.Topic} ${event.Type}`).toBeDefined();
      expect(new Set(Object.keys(event))).toEqual(new Set(Object.keys(theirs ?? {})));
      expect(event.FilterKeys?.length).toBe(theirs?.FilterKeys?.length);
      const payload = event.Payload[event.Topic] ?? {};
      const missing = Object.keys(theirs?.Payload[event.Topic] ?? {}).filter((key) => !Object.hasOwn(payload, key));
      // What an allocation has not yet is left out, in either.
      expect(missing.filter((key) => !["DeploymentStatus", "DesiredTransition"].includes(key))).toEqual([]);
    }
  });

  test("and has the index of the write, which its line has, too", async () => {
    agent.catalog.register({ ServiceName: "web", Port: 24_001 });
    const { index } = await agent.get("/v1/services");
    const stream = await open("topic=Service");
    await eventually("the event", () => eventsOf(stream).length > 0);
    expect(stream.lines.at(-1)).toMatchObject({ Index: index, Events: [{ Index: index, Key: expect.any(String) }] });
  });
});

test("what is written together has one index, one line, and wakes a query once", async () => {
  const { catalog } = agent;
  const before = await agent.get("/v1/services");
  const query = await agent.block("/v1/services", before.index);
  catalog.together(() => {
    catalog.register({ ServiceName: "web", Port: 24_001 });
    catalog.placeAllocation({ ID: ALLOCATION, JobID: "web" });
    catalog.register({ ServiceName: "wiki", Port: 24_002 });
  });
  const { index, body } = await query.answer;
  expect(body).toMatchObject([{ Services: [{ ServiceName: "web" }, { ServiceName: "wiki" }] }]);
  expect((await agent.get("/v1/allocations")).index).toBe(index);
  const stream = await open("topic=Service&topic=Allocation");
  await eventually("the events", () => eventsOf(stream).length === 3);
  expect(stream.lines.filter(({ Index }) => Index === index)).toMatchObject([
    { Events: [{ Topic: "Service" }, { Topic: "Allocation" }, { Topic: "Service" }] },
  ]);
});

test("a sign of life comes at once, and then every 30 s", async () => {
  const stream = await open("topic=Service");
  expect(stream).toMatchObject({ status: 200, headers: { "content-type": "application/json" } });
  await eventually("the first", () => stream.lines.length === 1);
  await eventually("the clock", () => clock.sleepingMs.length > 0);
  expect(clock.sleepingMs).toEqual([30_000]);
  await clock.advance(29_999);
  expect(stream.lines).toEqual([{}]);
  await clock.advance(30_002);
  await eventually("two more", () => stream.lines.length === 3);
  expect(stream.lines).toEqual([{}, {}, {}]);
});

describe("what is asked for", () => {
  const register = (ServiceName: string, Namespace = "default") =>
    agent.catalog.register({ ServiceName, Namespace, Port: 24_001, ID: `${Namespace}-${ServiceName}` });
  const keys = (stream: Stream) => eventsOf(stream).map(({ Key }) => Key);

  test.each([
    ["topic=Service", ["default-web"]],
    ["topic=Service&namespace=team", ["team-wiki"]],
    ["topic=Service&namespace=*", ["default-web", "team-wiki"]],
    ["topic=Service:wiki&namespace=*", ["team-wiki"]],
    ["topic=Service:default-web&topic=Service:wiki&namespace=*", ["default-web", "team-wiki"]],
    ["topic=Allocation&namespace=*", [ALLOCATION]],
    ["topic=Node", ["3f4fb4fa-7044-5ef1-a4a8-000000000001"]],
  ])("%s", async (query, expected) => {
    register("web");
    register("wiki", "team");
    agent.catalog.placeAllocation({ ID: ALLOCATION, JobID: "wiki", Namespace: "team" });
    const stream = await open(query);
    await eventually("the events", () => keys(stream).length === expected.length);
    // What comes later passes the same filter.
    register("last", query.includes("team") ? "team" : "default");
    const last = await open(`topic=Service:last&namespace=*`);
    await eventually("the last one", () => keys(last).length === 1);
    expect(keys(stream).filter((key) => !key.endsWith("-last"))).toEqual(expected);
  });

  test("from an index on: that one and what came after it; a lost one is the oldest that is left, without a word", async () => {
    for (let port = 0; port < 120; port += 1) register(`web-${port}`);
    const { index } = await agent.get("/v1/services");
    const [late, lost, future] = [
      await open(`topic=Service&index=${index - 1}`),
      await open("topic=Service&index=11"),
      await open(`topic=Service&index=${index + 1_000}`),
    ];
    await eventually(
      "all streams",
      () => keys(late).length === 2 && keys(lost).length === 100 && keys(future).length === 1,
    );
    expect(keys(late)).toEqual(["default-web-118", "default-web-119"]);
    expect(keys(lost)[0]).toBe("default-web-20");
    expect(keys(future)).toEqual(["default-web-119"]);
  });

  test("compressed for who accepts it, each line at once", async () => {
    const stream = await open("topic=Service", "", { "Accept-Encoding": "gzip" });
    expect(stream.headers["content-encoding"]).toBe("gzip");
    await eventually("the sign of life", () => stream.lines.length === 1);
    register("web");
    await eventually("the event", () => keys(stream).length === 1);
  });

  test.each([
    ["topic=Service:a:b", 400],
    ["topic=Service&index=soon", 400],
    ["topic=Service&region=elsewhere", 500],
  ])("%s answers %i", async (query, status) => {
    expect((await agent.get(`/v1/event/stream?${query}`)).status).toBe(status);
  });
});

describe("tokens", () => {
  const PATHS = ["/v1/event/stream?topic=Service&namespace=default", "/v1/event/stream?topic=Service&namespace=*"];
  const tokens = {
    readDefault: { readJob: ["default"] },
    listDefault: { listJobs: ["default"] },
    readTeam: { readJob: ["team"] },
    all: { readJob: "*" as const },
    node: { readNodes: true },
    nopolicy: {},
  };

  test.each(Object.keys(aclMatrix))("%s: a sign of life where a real agent gave one, else silence", async (name) => {
    agent.catalog.setTokens(new Map(Object.entries(tokens)));
    for (const path of PATHS) {
      const stream = await open(path.split("?")[1] ?? "", name === "none" ? "" : name);
      const isGiven = aclMatrix[name]?.[path] === "200 {}";
      expect(stream.status).toBe(200);
      if (isGiven) {
        await eventually("the sign of life", () => stream.lines.length === 1);
        continue;
      }
      agent.catalog.register({ ServiceName: "web", Port: 24_001 });
      // Another stream has had its line; this one has had none.
      const other = await open("topic=Service", "all");
      await eventually("the line of another", () => other.lines.length > 1);
      expect(stream.lines).toEqual([]);
      expect(stream.isOver).toBe(false);
    }
  });

  test.each([
    ["topic=Node", "all"],
    ["topic=Service&topic=Node", "all"],
    ["", "all"],
    ["topic=Service&topic=Node", "node"],
  ])("%s with the rights of %s alone is silent", async (query, name) => {
    agent.catalog.setTokens(new Map(Object.entries(tokens)));
    const stream = await open(query, name);
    const other = await open("topic=Service", "all");
    await eventually("the line of another", () => other.lines.length > 0);
    expect(stream.lines).toEqual([]);
  });

  test("one that loses its right loses its stream, others keep theirs", async () => {
    agent.catalog.setTokens(new Map(Object.entries(tokens)));
    const lost = await open("topic=Service", "readDefault");
    const kept = await open("topic=Service", "all");
    agent.catalog.setTokens(new Map(Object.entries({ ...tokens, readDefault: {} })));
    await eventually("the end", () => lost.isOver);
    expect(kept.isOver).toBe(false);
  });
});

test("the stream ends with the agent, and when the servers lose their data", async () => {
  const first = await open("topic=Service");
  agent.catalog.wipe();
  await eventually("the end of the first", () => first.isOver);
  const second = await open("topic=Service");
  await agent.close();
  await eventually("the end of the second", () => second.isOver);
});
