import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { portTable } from "../../../src/core/ports/inventory/port-table.ts";
import { ledgerDiagnostics } from "../../../src/core/ports/ledger/ledger-diagnostics.ts";
import { holders, type PortSurvey, portStateAt, surveyPorts } from "../../../src/core/ports/survey.ts";
import { ledger } from "../../builders/ledger.ts";
import { instance, pass, settings } from "../../builders/world.ts";

function survey(instances: readonly ServiceInstance[], ports: readonly unknown[] = []): PortSurvey {
  const core = settings();
  return surveyPorts(instances, { ...core, ports: { ...core.ports, ledger: ledger({ ports }) } });
}

const MINIO = { ports: 30_900, owner: "minio", exposure: "internal", purpose: "S3" };
const minio = instance({ service: "minio", id: "minio", port: 30_900 });
const squatter = instance({ service: "job", id: "job", port: 30_900 });
const place = { port: 30_900, protocol: "tcp", node: "node-1" } as const;

describe("how a port stands", () => {
  test.each<[string, readonly ServiceInstance[], readonly unknown[]]>([
    ["Free", [], []],
    ["Reserved", [], [MINIO]],
    ["Reserved", [{ ...minio, node: "node-2" }], [MINIO]],
    ["Active", [minio], [MINIO]],
    ["Active", [minio, { ...squatter, address: "172.17.0.2" }], [MINIO]],
    ["Squatted", [squatter], [MINIO]],
    ["Scheduled", [squatter], []],
    ["Scheduled", [squatter], [{ ...MINIO, nodes: ["node-2"] }]],
    ["Scheduled", [squatter], [{ ...MINIO, protocol: "udp" }]],
    ["Conflict", [minio, squatter], [MINIO]],
    ["Conflict", [minio, squatter], []],
    ["Conflict", [], [MINIO, { ...MINIO, owner: "nats" }]],
    ["Conflict", [minio], [MINIO, { ...MINIO, owner: "nats", ports: "30000-31000" }]],
    ["Active", [minio], [MINIO, { ...MINIO, owner: "nats", nodes: ["node-2"] }]],
    ["Active", [minio], [MINIO, { ...MINIO, owner: "nats", protocol: "udp" }]],
    ["Active", [minio], [MINIO, { ...MINIO, namespace: "core" }]],
  ])("%s: %#", (status, instances, ports) => {
    expect(portStateAt(survey(instances, ports), place).status).toBe(status);
  });

  test("a service that is registered twice is no rival of itself", () => {
    expect(portStateAt(survey([minio, { ...minio, id: "minio-2" }]), place).status).toBe("Scheduled");
  });

  test("two names of one Nomad allocation are one, of two allocations are not", () => {
    const inTask = (service: string, allocation: string) =>
      instance({
        service,
        id: `_nomad-task-${allocation}-2222-3333-4444-555555555555-group-x-${service}-y`,
        port: 30_900,
      });
    const statusOf = (...both: ServiceInstance[]) => portStateAt(survey(both), place).status;
    expect(statusOf(inTask("a", "11111111"), inTask("b", "11111111"))).toBe("Scheduled");
    expect(statusOf(inTask("a", "11111111"), inTask("b", "22222222"))).toBe("Conflict");
  });

  test("the same port on two nodes is no conflict", () => {
    const both = survey([
      instance({ service: "envoy", port: 8080 }),
      instance({ service: "notify", port: 8080, node: "node-2" }),
    ]);
    expect(portStateAt(both, { port: 8080, protocol: "tcp", node: "node-1" }).status).toBe("Undeclared");
    expect(portStateAt(both, { port: 8080, protocol: "tcp", node: "node-2" }).status).toBe("Undeclared");
  });
});

describe("owners of one entry", () => {
  const NOMAD = { ports: 4646, owner: ["nomad", "nomad-client"], exposure: "internal", purpose: "API" };
  const place = { port: 4646, protocol: "tcp", node: "node-1" } as const;
  const [server, client, other] = ["nomad", "nomad-client", "nomad-evil"].map((service) =>
    instance({ service, id: service, port: 4646 }),
  );
  if (!server || !client || !other) throw new Error("unreachable");

  test.each<[string, readonly ServiceInstance[], unknown]>([
    ["Active", [server, client], NOMAD],
    ["Active", [client], NOMAD],
    ["Active", [server, client, other], { ...NOMAD, owner: "nomad*" }],
    ["Conflict", [server, client, other], NOMAD],
    ["Squatted", [other], NOMAD],
    ["Conflict", [server, client], { ...NOMAD, owner: "nomad" }],
  ])("share its port: %s %#", (status, instances, entry) => {
    expect(portStateAt(survey(instances, [entry]), place).status).toBe(status);
  });

  test("are told neither as squatters nor as a conflict", () => {
    const core = settings();
    const whole = { ...core, ports: { ...core.ports, ledger: ledger({ ports: [NOMAD] }) } };
    expect(ledgerDiagnostics([server, client], whole)).toEqual([]);
    expect(ledgerDiagnostics([server, other], whole)).toMatchObject([{ code: "PORT_CONFLICT" }]);
  });
});

describe("a port at an address of its own", () => {
  const pod = (service: string, address: string, port = 8080) =>
    instance({ service, id: service, port, address, nodeAddress: "192.168.11.21" });
  const envoy = pod("envoy", "10.244.1.5");
  const notify = pod("notify", "10.244.1.6");
  const ENVOY = { ports: 8080, owner: "envoy", exposure: "internal", purpose: "gRPC-Web" };
  const at = (port: number) => ({ port, protocol: "tcp", node: "node-1" }) as const;

  function stateOf(instances: readonly ServiceInstance[], ports: readonly unknown[], port = 8080, site: object = {}) {
    const core = settings();
    const found = surveyPorts(instances, { ...core, ports: { ...core.ports, ledger: ledger({ ...site, ports }) } });
    const { status, registrations, inside } = portStateAt(found, at(port));
    return [status, holders(registrations), holders(inside)];
  }

  test("holds no port of the node's", () => {
    expect(stateOf([envoy, notify], [])).toEqual(["Free", [], ["envoy", "notify"]]);
    expect(stateOf([envoy, notify, pod("web", "192.168.11.21")], [])).toEqual([
      "Undeclared",
      ["web"],
      ["envoy", "notify"],
    ]);
  });

  test("is its owner's, and no other's squatting", () => {
    expect(stateOf([envoy, notify], [ENVOY])).toEqual(["Active", ["envoy"], ["notify"]]);
    expect(stateOf([notify], [ENVOY])).toEqual(["Reserved", [], ["notify"]]);
    const core = settings();
    const whole = { ...core, ports: { ...core.ports, ledger: ledger({ ports: [ENVOY] }) } };
    expect(ledgerDiagnostics([envoy, notify], whole)).toEqual([]);
  });

  test("and two services at one such address are a conflict all the same", () => {
    const both = [envoy, pod("notify", "10.244.1.5")];
    expect(stateOf(both, [])).toEqual(["Free", [], ["envoy", "notify"]]);
    expect(portTable(surveyPorts(both, settings())).map(({ status }) => status)).toEqual(["Conflict"]);
    expect(stateOf(both, [ENVOY])[0]).toBe("Conflict");
  });

  test("is the node's where the ledger has the address for the node, or the network for the site's", () => {
    const second = pod("web", "10.9.0.21");
    expect(stateOf([second], [ENVOY])[0]).toBe("Reserved");
    expect(stateOf([second], [ENVOY], 8080, { nodes: { "node-1": "10.9.0.21" } })[0]).toBe("Squatted");
    expect(stateOf([second], [ENVOY], 8080, { networks: ["10.9.0.0/24"] })[0]).toBe("Squatted");
    expect(stateOf([second], [ENVOY], 8080, { networks: { services: "10.9.0.0/24" } })[0]).toBe("Squatted");
  });

  test("is the node's port that the ledger says leads there", () => {
    const entry = { ports: 30_800, owner: "envoy", exposure: "public", internalPort: 8080, purpose: "x" };
    expect(stateOf([envoy, notify], [entry], 30_800)).toEqual(["Active", ["envoy"], []]);
    expect(stateOf([envoy, notify], [entry], 8080)).toEqual(["Free", [], ["notify"]]);
    // At the node's own address it is another port.
    expect(stateOf([pod("envoy", "192.168.11.21")], [entry], 30_800)[0]).toBe("Reserved");
    expect(stateOf([pod("envoy", "192.168.11.21", 30_800)], [entry], 30_800)[0]).toBe("Active");
    expect(stateOf([notify], [entry], 30_800)[0]).toBe("Reserved");
    expect(stateOf([envoy, pod("web", "192.168.11.21", 30_800)], [entry], 30_800)[0]).toBe("Active");
  });

  test("has a line of its own in the table, as what holds no port of the node's", () => {
    const core = settings();
    const rows = portTable(surveyPorts([envoy, notify], core));
    expect(rows.map(({ status, registrations }) => [status, holders(registrations)])).toEqual([
      ["Inside", ["envoy", "notify"]],
    ]);
  });
});

describe("a port that is one owner's on all nodes", () => {
  const API = { ports: 30_810, owner: "api", exposure: "internal", purpose: "x" };
  const api = instance({ service: "api", id: "api", port: 30_810 });
  const web = instance({ service: "web", id: "web", port: 30_810, node: "node-2" });
  const CORE = { name: "core", ports: "30800-30899", purpose: "x" };
  const at = (node: string, port = 30_810) => ({ port, protocol: "tcp", node }) as const;

  function surveyOf(instances: readonly ServiceInstance[], content: object) {
    const core = settings();
    return surveyPorts(instances, { ...core, ports: { ...core.ports, ledger: ledger(content) } });
  }

  test.each([
    ["the entry", { ports: [{ ...API, scope: "cluster" }] }],
    ["the group", { groups: [{ ...CORE, scope: "cluster" }], ports: [API] }],
    ["the ledger", { scope: "cluster", ports: [API] }],
  ])("by %s", (_, content) => {
    const statusAt = (instances: readonly ServiceInstance[], node: string) =>
      portStateAt(surveyOf(instances, content), at(node)).status;
    expect(["node-1", "node-2"].map((node) => statusAt([api, web], node))).toEqual(["Conflict", "Conflict"]);
    expect(["node-1", "node-2"].map((node) => statusAt([api, { ...api, node: "node-2" }], node))).toEqual([
      "Active",
      "Active",
    ]);
    expect(statusAt([web], "node-1")).toBe("Squatted");
    const core = settings();
    const whole = { ...core, ports: { ...core.ports, ledger: ledger(content) } };
    expect(ledgerDiagnostics([api, web], whole)).toMatchObject([
      {
        code: "PORT_CONFLICT",
        message: expect.stringContaining("also registered by api (api) on node-1, and it is one owner's on all nodes"),
      },
    ]);
  });

  test("is nobody else's on another node, also where the entry names its nodes", () => {
    const content = { scope: "cluster", ports: [{ ...API, nodes: ["node-1"] }] };
    expect(portStateAt(surveyOf([web], content), at("node-2")).status).toBe("Squatted");
    expect(portStateAt(surveyOf([web], { ...content, scope: "node" }), at("node-2")).status).toBe("Scheduled");
  });

  test("may not be declared for two owners on two nodes, which the table and check ledger tell", () => {
    const ports = [
      { ...API, nodes: ["node-1"] },
      { ...API, owner: "web", nodes: ["node-2"], scope: "cluster" },
    ];
    expect(portTable(surveyOf([], { ports })).map(({ node, status }) => [node, status])).toEqual([
      ["node-1", "Conflict"],
      ["node-2", "Conflict"],
    ]);
    const everywhere = [API, { ...API, owner: "web", nodes: ["node-2"], scope: "cluster" }];
    expect(portTable(surveyOf([], { ports: everywhere })).map(({ node, status }) => [node, status])).toEqual([
      ["node-2", "Conflict"],
      [undefined, "Conflict"],
    ]);
    const nodeWide = ports.map((entry) => ({ ...entry, scope: "node" }));
    expect(portTable(surveyOf([], { ports: nodeWide })).map(({ status }) => status)).toEqual(["Reserved", "Reserved"]);
  });

  test("is a conflict undeclared, too, but not what the scheduler picked on two nodes", () => {
    const [one, other] = [8080, 25_000].map((port) => [
      { ...api, port },
      { ...web, port },
    ]);
    const statuses = [one, other].map(
      (instances = [], position) =>
        portStateAt(surveyOf(instances, { scope: "cluster" }), at("node-1", position === 0 ? 8080 : 25_000)).status,
    );
    expect(statuses).toEqual(["Conflict", "Scheduled"]);
  });
});

describe("the protocol of a registration", () => {
  const DNS = { ports: 53, owner: "dns", exposure: "internal", purpose: "names" };
  test.each<[string, readonly string[], readonly unknown[], readonly string[]]>([
    ["TCP by a guess, as long as nobody says otherwise", ["metrics", "traefik.enable=false"], [], ["tcp?"]],
    ["HTTP where tags ask for no more than a route", ["traefik.enable=true"], [], ["tcp"]],
    ["TCP by its tags", ["traefik.tcp.routers.x.rule=x"], [], ["tcp"]],
    ["what the ledger says of the owner", [], [{ ...DNS, protocol: "both" }], ["tcp", "udp"]],
    ["what the ledger says of the owner", [], [{ ...DNS, protocol: "udp" }], ["udp"]],
    ["not what it says of others", [], [{ ...DNS, owner: "web", protocol: "udp" }], ["tcp?"]],
    ["UDP by its tags", ["Traefik.UDP.routers.x.entrypoints=dns"], [], ["udp"]],
    ["both by its tags", ["traefik.udp.routers.x.entrypoints=dns", "traefik.tcp.routers.x.rule=x"], [], ["tcp", "udp"]],
    ["not by tags of another prefix", ["public.udp.routers.x.entrypoints=dns"], [], ["tcp?"]],
  ])("%s %#", (_, tags, ports, protocols) => {
    const found = survey([instance({ service: "dns", port: 53, tags })], ports);
    const held = (["tcp", "udp"] as const).flatMap((protocol) => {
      const { registrations } = portStateAt(found, { port: 53, protocol, node: "node-1" });
      return registrations.map(({ isGuess }) => `${protocol}${isGuess ? "?" : ""}`);
    });
    expect(held).toEqual(protocols);
  });
});

describe("a node of Nomad's, which its catalog knows by id alone", () => {
  const task = instance({ catalog: "nomad", node: "3f4f-id", nodeAddress: "", address: "192.168.11.21", port: 24_001 });
  const rules = (nodes: Readonly<Record<string, string>>) => {
    const core = settings();
    const ports = [{ ports: 24_001, owner: "db", exposure: "never", nodes: ["node-1"], purpose: "store" }];
    return {
      ...core,
      ports: { ...core.ports, ledger: ledger({ nodes: { "node-1": "192.168.11.99", ...nodes }, ports }) },
    };
  };

  test("is the ledger's that has its address", () => {
    const found = surveyPorts([task], rules({ "node-1": "192.168.11.21" }));
    expect(portStateAt(found, { port: 24_001, protocol: "tcp", node: "node-1" }).status).toBe("Squatted");
  });

  test("keeps its id where the ledger has no such address, and a route to what is never exposed on any node is refused", () => {
    const core = rules({});
    const { registrations } = portStateAt(surveyPorts([task], core), {
      port: 24_001,
      protocol: "tcp",
      node: "3f4f-id",
    });
    expect(holders(registrations)).toEqual(["web"]);
    expect(pass([task], { settings: core }).diagnostics).toMatchObject([{ code: "PORT_WITHHELD" }]);
    const named = rules({ "node-2": "192.168.11.21" });
    expect(pass([task], { settings: named }).diagnostics).toEqual([]);
  });

  test("is the one of the name that a Nomad tells for the allocation, in a pass as in a survey", () => {
    const id = "11111111-2222-3333-4444-555555555555";
    const told = (node: string) => ({
      ...{ ...task, id: `_nomad-task-${id}-group-x-web-y` },
      allocation: { kind: "of-job", job: "web", node } as never,
    });
    const core = rules({ "node-2": "192.168.11.98" });
    const at = (node: string) => portStateAt(surveyPorts([told(node)], core), { port: 24_001, protocol: "tcp", node });
    expect([at("node-1").status, at("node-2").status]).toEqual(["Squatted", "Scheduled"]);
    const codes = (node: string) => pass([told(node)], { settings: core }).diagnostics.map(({ code }) => code);
    expect([codes("node-1"), codes("node-2")]).toEqual([["PORT_WITHHELD", "PORT_SQUATTED"], []]);
  });
});

test("a node of Nomad's has the name that Nomad tells of its clients, where its allocations are not told", () => {
  const task = instance({
    catalog: "nomad",
    node: "3f4f-id",
    nodeId: "3f4f-id",
    nodeAddress: "",
    address: "192.168.11.21",
    port: 24_001,
  });
  const core = settings();
  const ports = [{ ports: 24_001, owner: "db", exposure: "never", nodes: ["node-1"], purpose: "store" }];
  const named = (node: string) => ({
    ...core,
    ports: { ...core.ports, ledger: { ...ledger({ ports }), nodeNames: new Map([["3f4f-id", node]]) } },
  });
  const codes = (node: string) => pass([task], { settings: named(node) }).diagnostics.map(({ code }) => code);
  expect([codes("node-1"), codes("node-2")]).toEqual([["PORT_WITHHELD", "PORT_SQUATTED"], []]);
  const statusAt = (node: string) =>
    portStateAt(surveyPorts([task], named(node)), { port: 24_001, protocol: "tcp", node }).status;
  expect([statusAt("node-1"), statusAt("node-2")]).toEqual(["Squatted", "Scheduled"]);
});

test("a service without a port holds none, and its node is known all the same", () => {
  const found = survey([instance({ port: 0, node: "node-9" })]);
  expect(found.registrations.size).toBe(0);
  expect([...found.nodes.keys()]).toEqual(["node-9"]);
});

test("who holds a port is told once, by name, with the namespace", () => {
  const { registrations } = portStateAt(survey([squatter, minio, { ...minio, id: "x", namespace: "core" }]), place);
  expect(holders(registrations)).toEqual(["core/minio", "job", "minio"]);
});
