import { afterEach, beforeEach, expect, test } from "vitest";
import type { Rights } from "../../../src/simulator/nomad/rights.ts";
import { aclMatrix } from "../../fixtures/nomad/recordings.ts";
import { type Agent, startAgent } from "./agent.ts";

let agent: Agent;
beforeEach(async () => {
  agent = await startAgent();
});
afterEach(() => agent.close());

/** The tokens of the recording but the two that it has none of: `none` sends no token, `bad` one that does not exist. */
const TOKENS: Readonly<Record<string, Rights>> = {
  readDefault: { readJob: ["default"] },
  listDefault: { listJobs: ["default"] },
  readTeam: { readJob: ["team"] },
  all: { readJob: "*" },
  node: { readNodes: true },
  nopolicy: {},
};

/** As the recording was made: a job in each of two namespaces. */
function fill(): void {
  const { catalog } = agent;
  for (const [job, Namespace] of [
    ["aweb", "default"],
    ["tweb", "team"],
  ] as const) {
    catalog.registerJob({ ID: job, Namespace });
    catalog.putDeployment({ ID: `deployment-of-${job}`, JobID: job, Namespace });
    catalog.placeAllocation({ ID: `alloc-of-${job}`, JobID: job, Namespace });
    catalog.register({ ServiceName: job, Namespace, Port: 24_001 });
  }
  catalog.setTokens(new Map(Object.entries(TOKENS)));
}

/** As the recording says it: `200 idx=24 [{"Namespace":"default"…` with any index but 0. */
function outcome(status: number, index: number, body: unknown): string {
  if (status !== 200) return `${status} ${String(body)}`;
  const rows = body as readonly { readonly Namespace?: string; readonly JobID?: string; readonly Name?: string }[];
  const names = rows.map(({ Namespace, JobID, Name }) => Namespace ?? Name ?? JobID);
  return `200, ${index === 0 ? "index 0" : "an index"}, ${rows.length === 0 ? "nothing" : `first ${names[0]}`}`;
}

function recordedOutcome(text: string): string {
  const [, status = "", index = "", rest = ""] = /^(\d+) idx=(\S+) (.*)$/s.exec(text) ?? [];
  if (status !== "200") return `${status} ${rest}`;
  // The body was cut; a namespace is told from the other by when it was made, a client and a job's things by where they are.
  const first = /"(?:Namespace|JobID)":"(\w+)"/.exec(rest)?.[1];
  return `200, ${index === "0" ? "index 0" : "an index"}, ${rest === "[]" ? "nothing" : `first ${first ?? "?"}`}`;
}

test.each(Object.keys(aclMatrix))("%s is shown what a real agent showed it", async (name) => {
  fill();
  const seen: Record<string, string> = {};
  const expected: Record<string, string> = {};
  for (const [path, recorded] of Object.entries(aclMatrix[name] ?? {})) {
    if (path.startsWith("/v1/event/stream")) continue;
    const { status, index, body } = await agent.get(path, name === "none" ? "" : name);
    expected[path] = recordedOutcome(recorded);
    seen[path] = outcome(status, index, body).replace(expected[path].endsWith("?") ? /first .*$/ : /$^/, "first ?");
  }
  expect(seen).toEqual(expected);
});

test.each([
  ["/v1/allocation/alloc-of-aweb", "readDefault", "readTeam"],
  ["/v1/client/allocation/alloc-of-tweb/checks", "readTeam", "readDefault"],
  ["/v1/job/tweb?namespace=team", "readTeam", "readDefault"],
  ["/v1/job/tweb/scale?namespace=team", "readTeam", "readDefault"],
  ["/v1/job/aweb/deployment", "readDefault", "listDefault"],
  ["/v1/node/3f4fb4fa-7044-5ef1-a4a8-000000000001", "node", "all"],
  ["/v1/allocations?namespace=*", "readTeam", "node"],
  ["/v1/deployments?namespace=*", "readTeam", "node"],
])("%s is shown to %s and denied to %s", async (path, allowed, refused) => {
  fill();
  expect((await agent.get(path, allowed)).status).toBe(200);
  expect((await agent.get(path, refused)).status).toBe(403);
});

test("with all namespaces a token is shown its own", async () => {
  fill();
  for (const path of ["/v1/services", "/v1/allocations", "/v1/deployments"]) {
    const shown = async (token: string) =>
      ((await agent.get(`${path}?namespace=*`, token)).body as { Namespace: string }[]).map(
        ({ Namespace }) => Namespace,
      );
    expect([path, await shown("all")]).toEqual([path, ["default", "team"]]);
    expect([path, await shown("readTeam")]).toEqual([path, ["team"]]);
  }
});
