import { expect, test } from "vitest";
import { ledgerLines } from "../../src/core/ports/ledger-lines.ts";
import { nextFree } from "../../src/core/ports/next-free.ts";
import { portTable } from "../../src/core/ports/port-table.ts";
import { answerQuestion } from "../../src/core/ports/question.ts";
import { reservedPorts } from "../../src/core/ports/reserved-ports.ts";
import { playExample } from "./site.ts";

const { survey, routes, told } = await playExample("nodeports");
const lines = ledgerLines(survey);

function line(owner: string) {
  const found = lines.find(({ entry }) => entry.owner === owner);
  if (found === undefined) throw new Error(`no entry of ${owner}`);
  return found;
}

test("each line of the ledger stands as the catalog says", () => {
  const statuses = Map.groupBy(lines, ({ status }) => status);
  const owners = (status: "Active" | "Squatted" | "Conflict") => statuses.get(status)?.map(({ entry }) => entry.owner);
  expect(owners("Active")).toEqual(["postgres", "redis"]);
  expect(owners("Squatted")).toEqual(["minio"]);
  expect(owners("Conflict")).toEqual(["registry"]);
  expect(statuses.get("Reserved")).toHaveLength(lines.length - 4);
  expect(line("minio").others).toEqual(["thumbnails"]);
  expect(line("registry").others).toEqual(["mirror"]);
});

test("what nobody declared is found out", () => {
  const undeclared = portTable(survey).filter(({ status }) => status === "Undeclared");
  expect(undeclared).toMatchObject([{ ports: { first: 30_810, last: 30_810 }, node: "node-235", class: "dynamic" }]);
});

test("whoever got a reserved port from Nomad is routed and told", () => {
  expect(routes).toEqual({ thumbnails: ["http://192.168.7.237:30900"] });
  expect(told).toEqual(["PORT_CONFLICT mirror", "PORT_SQUATTED thumbnails"]);
});

test("the next port of a group leaves the gap that the group wants, also to what nobody declared", () => {
  expect(survey.ledger.groups.map((group) => nextFree(group, survey))).toEqual([
    { kind: "found", port: 30_820 },
    { kind: "found", port: 30_902 },
  ]);
});

test("look before taking a port: 30808 is declared, 30820 free", () => {
  const verdict = (port: number) => answerQuestion(survey, { port, protocol: "tcp", node: "node-236" }).verdict;
  expect([30_808, 30_820, 30_379].map(verdict)).toEqual(["declared", "free", "taken"]);
});

test("users find what is open to them on every node, and its keeper is warned of that", () => {
  const nodes = ["192.168.7.235", "192.168.7.236", "192.168.7.237", "192.168.7.238"];
  expect(line("api-gateway").accessUrls).toEqual(nodes.map((address) => `http://${address}:30800`));
  expect(line("postgres").accessUrls).toEqual([]);
  expect(line("api-gateway").remarks.join()).toContain("open on every node");
  expect(line("postgres").remarks.join()).not.toContain("open on every node");
});

test("Nomad is told of all that lies inside its range", () => {
  const ports = [
    ...["30080-30082", "30088", "30090-30092", "30222", "30233", "30300-30301", "30333", "30379", "30432", "30500"],
    ...["30800-30899", "30900-30909"],
  ];
  const [told = { reservedPorts: "" }, ...more] = reservedPorts(survey.ledger, survey.dynamic);
  expect(more).toEqual([]);
  expect(told.reservedPorts).toBe(ports.join(",").replace("30800-30899,30900-30909", "30800-30909"));
});
