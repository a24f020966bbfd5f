import { join } from "node:path";
import { expect, test } from "vitest";
import { readObserved } from "../../src/app/observed/read-observed.ts";
import { answerQuestion } from "../../src/core/ports/inventory/asking/answer.ts";
import { ledgerLines } from "../../src/core/ports/inventory/ledger-lines.ts";
import { nextFree } from "../../src/core/ports/inventory/next-free.ts";
import { portTable } from "../../src/core/ports/inventory/port-table.ts";
import { reservedPorts } from "../../src/core/ports/inventory/reserved-ports.ts";
import { undeclaredPorts } from "../../src/core/ports/inventory/undeclared.ts";
import { playExample } from "./site.ts";

const { decision, survey, surveyWith, routes, diagnosed } = await playExample("nodeports");
const lines = ledgerLines(survey);

function line(owner: string) {
  const found = lines.find(({ entry }) => entry.owners.includes(owner));
  if (found === undefined) throw new Error(`no entry of ${owner}`);
  return found;
}

test("each line of the ledger has the status that the catalog shows", () => {
  const statuses = Map.groupBy(lines, ({ status }) => status);
  const owners = (status: "Active" | "Squatted" | "Conflict") =>
    statuses.get(status)?.map(({ entry }) => entry.owners[0]);
  expect(owners("Active")).toEqual(["postgres", "redis"]);
  expect(owners("Squatted")).toEqual(["minio"]);
  expect(owners("Conflict")).toEqual(["registry"]);
  expect(statuses.get("Reserved")).toHaveLength(lines.length - 4);
  expect(line("minio").others).toEqual(["thumbnails"]);
  expect(line("registry").others).toEqual(["mirror"]);
});

test("undeclared ports are found", () => {
  const undeclared = portTable(survey).filter(({ status }) => status === "Undeclared");
  expect(undeclared).toMatchObject([{ ports: { first: 30_810, last: 30_810 }, node: "node-235", class: "dynamic" }]);
});

test("what the cluster itself has open is held against the ledger, also where it registers nowhere", async () => {
  const observed = surveyWith(
    await readObserved(join(import.meta.dirname, "../../deploy/examples/nodeports/services.json")),
  );
  const stands = (owner: string) => ledgerLines(observed).find(({ entry }) => entry.owners.includes(owner));
  expect(stands("web")).toMatchObject({ status: "Active", remarks: [expect.stringContaining("up to date"), RISK] });
  expect(stands("test-agent")?.status).toBe("Active");
  expect(stands("grafana")?.status).toBe("Reserved");
  const undeclared = undeclaredPorts(observed);
  expect(undeclared.map(({ port, service, places }) => [port, service, places.length])).toEqual([
    [30_810, "shadow", 1],
    [30_999, "lab/debug-shell", 4],
  ]);
  const lines = undeclared.map(({ declaration }) => declaration);
  expect(lines).toEqual([
    '{ ports: 30810, owner: "shadow", exposure: ingress, nodes: ["node-235"], purpose: "…" }',
    '{ ports: 30999, owner: "debug-shell", namespace: "lab", exposure: ingress, nodes: ["node-235", "node-236", "node-237", "node-238"], purpose: "…" }',
  ]);
});

const RISK = expect.stringContaining("open on every node");

test("a service that got a reserved port from Nomad is routed, with a diagnostic", () => {
  expect(routes).toEqual({ thumbnails: ["http://192.168.7.237:30900"] });
  expect(diagnosed).toEqual(["POLICY_REFUSED shadow", "PORT_CONFLICT mirror", "PORT_SQUATTED thumbnails"]);
});

test("the port that users call is its owner's, whichever service came first", async () => {
  expect(decision.diagnostics.find(({ code }) => code === "POLICY_REFUSED")?.message).toBe(
    'http/routers/shadow can match the host "api.cluster.internal", allowed: *.apps.cluster.internal, by rules.2 of the policy',
  );
  const owner = (name: string, port: number, host: string) => {
    const Tags = ["traefik.enable=true", `traefik.http.routers.${name}.rule=Host(\`${host}\`)`];
    return { Node: "node-236", Address: "192.168.7.236", Service: { Service: name, Port: port, Tags } };
  };
  const owners = [owner("api-gateway", 30_800, "api.cluster.internal"), owner("web", 30_300, "www.cluster.internal")];
  const complete = await playExample("nodeports", owners);
  expect(complete.routes).toEqual({
    ...routes,
    "api-gateway": ["http://192.168.7.236:30800"],
    web: ["http://192.168.7.236:30300"],
  });
  expect(complete.diagnosed).toEqual(diagnosed);
});

test("the next port of a group keeps the group's spacing, also from undeclared ports", () => {
  expect(survey.ledger.groups.map((group) => nextFree(group, survey))).toEqual([
    { kind: "found", port: 30_820 },
    { kind: "found", port: 30_902 },
  ]);
});

test("a question about a port: 30808 is declared, 30820 free, 30805 too near to others", () => {
  const verdict = (port: number) =>
    answerQuestion(survey, { ports: { first: port, last: port }, protocols: ["tcp"], node: "node-236" }).verdict;
  expect([30_808, 30_820, 30_805].map(verdict)).toEqual(["declared", "free", "crowded"]);
});

test("a NodePort that is taken on one node is taken on all", () => {
  const on = (node: string) =>
    answerQuestion(survey, { ports: { first: 30_810, last: 30_810 }, protocols: ["tcp"], node });
  for (const node of survey.nodes.keys()) expect(on(node)).toMatchObject({ verdict: "taken", freeNodes: [] });
});

test("open ports are reachable on every node, and their owner is warned of that", () => {
  const nodes = ["192.168.7.235", "192.168.7.236", "192.168.7.237", "192.168.7.238"];
  expect(line("api-gateway").accessUrls).toEqual(nodes.map((address) => `http://${address}:30800`));
  expect(line("postgres").accessUrls).toEqual([]);
  expect(line("api-gateway").remarks.join()).toContain("open on every node");
  expect(line("postgres").remarks.join()).not.toContain("open on every node");
});

test("Nomad is to reserve all declared ports inside its range", () => {
  const ports = [
    ...["30080-30082", "30088", "30090-30092", "30222", "30233", "30300-30301", "30333", "30379", "30432", "30500"],
    ...["30800-30899", "30900-30909"],
  ];
  const [everywhere = { reservedPorts: "" }, ...more] = reservedPorts(survey.ledger, survey.dynamic);
  expect(more).toEqual([]);
  expect(everywhere.reservedPorts).toBe(ports.join(",").replace("30800-30899,30900-30909", "30800-30909"));
});
