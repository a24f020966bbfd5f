import { afterEach, beforeEach, expect, test } from "vitest";
import { losesNomadLeader } from "../../../src/simulator/nomad/leaderless.ts";
import { type Agent, startAgent } from "./agent.ts";

let agent: Agent;
beforeEach(async () => {
  agent = await startAgent();
  agent.catalog.register({ ServiceName: "web", Port: 24_001 });
});
afterEach(() => agent.close());

test("without a leader only stale reads are answered, and say that there has never been one", async () => {
  const back = agent.server.faults.set("*", losesNomadLeader());
  expect(await agent.get("/v1/services")).toMatchObject({ status: 500, body: "No cluster leader" });
  expect(await agent.get("/v1/services?stale")).toMatchObject({
    status: 200,
    headers: { "X-Nomad-Knownleader": "false", "X-Nomad-Lastcontact": "9223372036854" },
    body: [{ Services: [{ ServiceName: "web" }] }],
  });
  back();
  expect(await agent.get("/v1/services")).toMatchObject({ status: 200, headers: { "X-Nomad-Lastcontact": "0" } });
});

test("what the agent knows by itself it tells all the same", async () => {
  agent.catalog.placeAllocation({ ID: "a", JobID: "web" });
  agent.catalog.setCheck("a", { Service: "web", Status: "success" });
  agent.server.faults.set("*", losesNomadLeader());
  expect((await agent.get("/v1/client/allocation/a/checks")).status).toBe(200);
  expect((await agent.get("/v1/regions")).status).toBe(200);
});
