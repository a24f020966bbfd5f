import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../../src/core/catalog/snapshot.ts";
import { portTable } from "../../../../src/core/ports/inventory/port-table.ts";
import { undeclaredPorts } from "../../../../src/core/ports/inventory/undeclared.ts";
import { surveyPorts } from "../../../../src/core/ports/survey.ts";
import { ledger } from "../../../builders/ledger.ts";
import { instance, settings } from "../../../builders/world.ts";

const web = instance({ service: "web", id: "web", port: 8080 });

function surveyOf(instances: readonly ServiceInstance[], content: { readonly ports?: readonly unknown[] } = {}) {
  const core = settings();
  return surveyPorts(instances, { ...core, ports: { ...core.ports, ledger: ledger(content) } });
}

function found(instances: readonly ServiceInstance[], content = {}) {
  return undeclaredPorts(surveyOf(instances, content));
}

describe("undeclared ports", () => {
  test("are those that a service holds outside the dynamic range, each service with all its nodes", () => {
    const instances = [
      { ...web, node: "node-2", nodeAddress: "192.168.11.22", tags: [] },
      { ...web, tags: [] },
      { ...web, service: "scheduled", port: 24_000 },
      { ...web, service: "pod", port: 8081, address: "10.244.1.5", nodeAddress: "192.168.11.21" },
      { ...web, service: "declared", port: 9000 },
    ];
    const declared = { ports: [{ ports: 9000, owner: "declared", exposure: "internal", purpose: "x" }] };
    expect(found(instances, declared)).toMatchObject([
      {
        port: 8080,
        protocol: "tcp",
        isGuess: true,
        service: "web",
        places: [{ node: "node-1" }, { node: "node-2", address: "192.168.11.22" }],
      },
    ]);
  });

  test.each<[string, readonly ServiceInstance[], object]>([
    ["a service", [web], {}],
    ["one on several nodes", [web, { ...web, node: "node-2" }], {}],
    ["one of another namespace", [{ ...web, namespace: "lab" }], {}],
    ["one whose name YAML would take for something else", [{ ...web, service: "yes" }], {}],
    ["one by UDP", [{ ...web, tags: ["traefik.udp.routers.x.entrypoints=dns"] }], {}],
    ["two on two nodes", [web, { ...web, service: "api", node: "node-2" }], {}],
    ["one on a node that the ledger lacks", [web], { nodes: { other: "10.0.0.1" } }],
    ["one in a group, inside the dynamic range", [{ ...web, port: 30_810 }], { groups: [GROUP()] }],
  ])("%s is declared by the line, as it is pasted", (_, instances, content) => {
    const lines = found(instances, content).map(({ declaration }) => load(`- ${declaration}`) as [unknown]);
    expect(lines.length).toBeGreaterThan(0);
    const ports = lines.flat();
    expect(found(instances, { ...content, ports })).toEqual([]);
  });

  test.each<[string, readonly ServiceInstance[], object, string]>([
    ["an asterisk", [{ ...web, service: "web*" }], {}, "an asterisk in its name would stand for other names"],
    ["a port outside the range", [web], { range: "1-1000" }, "outside the ledger's range 1-1000"],
    [
      "two services on nodes of which the ledger lacks one",
      [web, { ...web, service: "api", node: "node-2" }],
      { nodes: { "node-1": "10.0.0.1" } },
      "nodes lacks node-2: add them there first",
    ],
  ])("%s: no line, but what to do first", (_, instances, content, instead) => {
    const stuck = found(instances, content).filter(({ declaration }) => declaration === undefined);
    expect(stuck).toMatchObject([{ instead: expect.stringContaining(instead) }]);
  });
});

test("the table is made once for each survey, and looked through once, however many services there are", () => {
  const instances = Array.from({ length: 200 }, (_, at) => ({
    ...web,
    service: `web-${at}`,
    id: `${at}`,
    port: 8000 + at,
  }));
  const survey = surveyOf(instances);
  let reads = 0;
  for (const row of portTable(survey)) {
    const { ports } = row;
    Object.defineProperty(row, "ports", {
      get() {
        reads += 1;
        return ports;
      },
    });
  }
  expect(undeclaredPorts(survey)).toHaveLength(200);
  expect(reads).toBe(200);
});

describe("an observed port", () => {
  const observed = [{ service: "shadow", namespace: "lab", port: 30_810, protocol: "tcp" }] as const;

  function observedIn(content: { readonly ports?: readonly unknown[] }) {
    const core = settings();
    return surveyPorts([], { ...core, ports: { ...core.ports, ledger: ledger(content) } }, [], observed);
  }

  test("is declared for every node where no node is known, by a line that may be pasted", () => {
    const [port] = undeclaredPorts(observedIn({}));
    expect(port?.declaration).toBe(
      '{ ports: 30810, owner: "shadow", namespace: "lab", exposure: ingress, purpose: "…" }',
    );
    expect(undeclaredPorts(observedIn({ ports: load(`- ${port?.declaration}`) as unknown[] }))).toEqual([]);
  });

  test("is held on the nodes that entries name, where the ledger lists none", () => {
    const entry = { ports: 53, owner: "dns", exposure: "internal", purpose: "x", nodes: ["node-1", "node-2"] };
    const survey = observedIn({ ports: [entry] });
    expect([...survey.nodes.keys()]).toEqual(["node-1", "node-2"]);
    expect(undeclaredPorts(survey)).toMatchObject([{ places: [{ node: "node-1" }, { node: "node-2" }] }]);
  });
});

function GROUP() {
  return { name: "core", ports: "30800-30899", purpose: "x" };
}
