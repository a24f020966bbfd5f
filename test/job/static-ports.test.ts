import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import { filledBy, jobGroup, jobOf, jobService, staticPort } from "../builders/job.ts";
import { instance } from "../builders/world.ts";
import { type JudgedBeside, judged, told } from "./judged.ts";

const LEDGER = {
  nodes: { "node-1": "10.0.0.1", "node-2": "10.0.0.2", "lb-1": "10.0.0.9" },
  ingress: ["lb-1"],
  ports: [
    { ports: 5432, owner: "postgres", exposure: "internal", purpose: "rows" },
    { ports: 6379, owner: "redis", exposure: "internal", nodes: ["node-1"], purpose: "cache" },
    { ports: 53, protocol: "udp", owner: "dns", exposure: "internal", purpose: "names" },
    { ports: 443, owner: "traefik", exposure: "public", nodes: ["lb-1"], purpose: "ingress" },
  ],
};
const PLACE = "group app, port http";
const UNROUTED = { Tags: null };

function ofPort(
  port: number,
  beside: JudgedBeside = {},
  group = {},
  service: Readonly<Record<string, unknown>> = UNROUTED,
) {
  return judged(jobOf([jobGroup([jobService("web", service)], { ...staticPort(port), ...group })]), {
    ledger: LEDGER,
    ...beside,
  });
}

const onNode = (operand: string, value: string) => ({
  Constraints: [{ LTarget: filledBy("node.unique.name"), Operand: operand, RTarget: value }],
});

describe("a static port", () => {
  test.each<[string, number, JudgedBeside, object, readonly string[]]>([
    ["that another owner has everywhere", 5432, {}, {}, [`error JOB_PORT_TAKEN ${PLACE}`]],
    ["that another owner has on one node", 6379, {}, {}, [`warning JOB_PORT_NODES ${PLACE}`]],
    ["the same, with a constraint to that node", 6379, {}, onNode("=", "node-1"), [`error JOB_PORT_TAKEN ${PLACE}`]],
    [
      "the same, with a constraint to others",
      6379,
      {},
      onNode("set_contains_any", "node-2, lb-1"),
      [`warning JOB_PORT_UNDECLARED ${PLACE}`],
    ],
    ["the load balancer's", 443, {}, {}, [`warning JOB_PORT_NODES ${PLACE}`]],
    ["the load balancer's, declared for no owner", 80, {}, {}, [`error JOB_PORT_TAKEN ${PLACE}`]],
    ["that the ledger does not have", 9000, {}, {}, [`warning JOB_PORT_UNDECLARED ${PLACE}`]],
    [
      "that no ledger has, since there is none",
      9000,
      { ledger: { ports: [] } },
      {},
      [`warning JOB_PORT_UNDECLARED ${PLACE}`],
    ],
    [
      "of the other protocol, as its tags say",
      53,
      {},
      { Services: [jobService("web", { Tags: ["other.tcp.x=y"] })] },
      [`warning JOB_PORT_UNDECLARED ${PLACE}`],
    ],
    [
      "in the dynamic range",
      24_000,
      {},
      {},
      [`warning JOB_PORT_UNDECLARED ${PLACE}`, `warning JOB_PORT_DYNAMIC ${PLACE}`],
    ],
  ])("%s", (_, port, beside, group, expected) => {
    expect(told(ofPort(port, beside, group))).toEqual(expected);
  });

  test.each<[string, string, readonly string[]]>([
    ["its service", "web", []],
    ["its job, though a service has it", "shop", [`error JOB_PORT_TAKEN ${PLACE}`]],
  ])("is declared for %s", (_, owner, expected) => {
    const ledger = { ...LEDGER, ports: [{ ports: 9000, owner, exposure: "internal", purpose: "x" }] };
    expect(told(ofPort(9000, { ledger }))).toEqual(expected);
  });

  test.each(["shop", "app", "server"])("without a service is declared for its job, group or task: %s", (owner) => {
    const ledger = { ...LEDGER, ports: [{ ports: 9000, owner, exposure: "internal", purpose: "x" }] };
    expect(told(judged(jobOf([jobGroup([], staticPort(9000))]), { ledger }))).toEqual([]);
  });

  test("that a service holds on a node is taken there, unless it is its own", () => {
    const live = (service: string) => [
      instance({ service, id: service, node: "node-2", nodeAddress: "10.0.0.2", port: 9000, tags: [] }),
    ];
    const { findings } = ofPort(9000, { live: live("other") });
    expect(findings).toMatchObject([
      { code: "JOB_PORT_NODES", message: expect.stringContaining("registered by other on node-2") },
    ]);
    expect(told(ofPort(9000, { live: live("web") }))).toEqual([`warning JOB_PORT_UNDECLARED ${PLACE}`]);
  });

  describe("that an allocation of this very job holds, under the name of a service that is renamed", () => {
    const ofJob = (job: string, namespace: string) => ({
      allocation: { kind: "of-job", nomad: "here", namespace, job, group: "app", isCanary: false } as const,
    });
    const free = [`warning JOB_PORT_UNDECLARED ${PLACE}`];
    const held = [`warning JOB_PORT_NODES ${PLACE}`];
    test.each<[string, Partial<ServiceInstance>, readonly string[]]>([
      ["in Consul, as Nomad tells of the allocation", ofJob("shop", "default"), free],
      ["in Nomad", { catalog: "nomad", namespace: "default", job: "shop" }, free],
      ["of a job of this name in another namespace", ofJob("shop", "team"), held],
      ["of such a job in Nomad", { catalog: "nomad", namespace: "team", job: "shop" }, held],
      ["of another job", ofJob("other", "default"), held],
      ["of another job in Nomad", { catalog: "nomad", namespace: "default", job: "other" }, held],
    ])("%s", (_, fields, expected) => {
      const live = [
        instance({
          service: "old",
          id: "old",
          node: "node-2",
          nodeAddress: "10.0.0.2",
          port: 9000,
          tags: [],
          ...fields,
        }),
      ];
      expect(told(ofPort(9000, { live }))).toEqual(expected);
    });
  });

  test("whose nodes are chosen by a constraint that only nodes can answer is told, and no warning", () => {
    const edge = { Constraints: [{ LTarget: filledBy("meta.edge"), Operand: "=", RTarget: "true" }] };
    expect(told(ofPort(6379, {}, edge))).toEqual([`info JOB_PORT_NODES ${PLACE}`]);
  });

  test("that a service holds at an address inside of the node is free on the node", () => {
    const live = [
      instance({
        service: "pod",
        node: "node-2",
        nodeAddress: "10.0.0.2",
        address: "172.16.0.5",
        port: 9000,
        tags: [],
      }),
    ];
    expect(told(ofPort(9000, { live }))).toEqual([`warning JOB_PORT_UNDECLARED ${PLACE}`]);
  });

  test("is its own in its own namespace", () => {
    const ledger = {
      ...LEDGER,
      ports: [{ ports: 9000, owner: "web", namespace: "core", exposure: "internal", purpose: "x" }],
    };
    const inNomad = (namespace: string) =>
      told(
        judged(
          jobOf([jobGroup([jobService("web", { Tags: null, Provider: "nomad" })], staticPort(9000))], {
            Namespace: namespace,
          }),
          { ledger },
        ),
      );
    expect(inNomad("core")).toEqual([]);
    expect(inNomad("lab")).toEqual([`error JOB_PORT_TAKEN ${PLACE}`]);
    expect(told(ofPort(9000, { ledger }))).toEqual([]);
  });

  test("at an address of its own is doubted, and no error", () => {
    const listed = { Networks: [{ ReservedPorts: [{ Label: "http", Value: 5432, HostNetwork: "storage" }] }] };
    expect(told(ofPort(0, {}, listed))).toEqual([`warning JOB_PORT_TAKEN ${PLACE}`]);
  });

  test("of a cluster's scope is taken everywhere where it is taken anywhere", () => {
    const ledger = {
      ...LEDGER,
      ports: [{ ports: 30_800, owner: "api", nodes: ["node-1"], scope: "cluster", exposure: "internal", purpose: "x" }],
    };
    expect(told(ofPort(30_800, { ledger })).slice(0, 1)).toEqual([`error JOB_PORT_TAKEN ${PLACE}`]);
    const groups = [{ name: "core", ports: "9000-9099", scope: "cluster", purpose: "x" }];
    const live = [instance({ service: "other", node: "node-2", nodeAddress: "10.0.0.2", port: 9000, tags: [] })];
    expect(told(ofPort(9000, { ledger: { ...LEDGER, groups }, live }))).toEqual([`error JOB_PORT_TAKEN ${PLACE}`]);
  });

  test("outside of the ledger's range is told without a line that the ledger would refuse", () => {
    const ledger = { range: "30000-32767", nodes: LEDGER.nodes, ports: [] };
    expect(ofPort(9000, { ledger }).findings).toEqual([expect.not.objectContaining({ lines: expect.anything() })]);
  });

  test("that every client reserves is placed nowhere", () => {
    const client = (node: string, ...reserved: readonly number[]) => ({
      ...{ node, id: node, dynamic: { first: 20_000, last: 32_000 } },
      reserved: reserved.map((port) => ({ first: port, last: port })),
    });
    const dynamic = (clients: JudgedBeside["clients"]) =>
      told(ofPort(24_000, { ...(clients && { clients }) })).filter((one) => one.includes("DYNAMIC"));
    expect(dynamic([client("node-1", 24_000), client("node-2", 24_000)])).toEqual([`error JOB_PORT_DYNAMIC ${PLACE}`]);
    expect(dynamic([client("node-1", 24_000), client("node-2")])).toEqual([`warning JOB_PORT_DYNAMIC ${PLACE}`]);
  });

  test("is one in whichever list it stands, and of a task as well", () => {
    const listed = { Networks: [{ DynamicPorts: [{ Label: "http", Value: 5432 }] }] };
    expect(told(judged(jobOf([jobGroup([jobService("web", UNROUTED)], listed)]), { ledger: LEDGER }))).toEqual([
      `error JOB_PORT_TAKEN ${PLACE}`,
    ]);
    const ofTask = { Networks: null, Tasks: [{ Name: "server", Resources: staticPort(5432) }] };
    expect(told(judged(jobOf([jobGroup([jobService("web", UNROUTED)], ofTask)]), { ledger: LEDGER }))).toEqual([
      "error JOB_PORT_TAKEN group app, task server, port http",
    ]);
  });
});

describe("the remedy, applied", () => {
  test("a dynamic port in place of one that is taken", () => {
    expect(ofPort(5432).findings[0]?.lines).toEqual(['port "http" {', "  to = 5432", "}"]);
    expect(told(ofPort(0, {}, { Networks: [{ DynamicPorts: [{ Label: "http", To: 5432 }] }] }))).toEqual([]);
  });

  test("a constraint to the nodes where it is free", () => {
    const [finding] = ofPort(6379).findings;
    expect(finding?.lines).toEqual([
      "constraint {",
      `  attribute = "${filledBy("node.unique.name")}"`,
      '  operator  = "set_contains_any"',
      '  value     = "lb-1,node-2"',
      "}",
    ]);
    expect(
      told(ofPort(6379, {}, onNode("set_contains_any", "lb-1,node-2"))).filter((one) => one.includes("NODES")),
    ).toEqual([]);
  });

  test("the line for the ledger", () => {
    const [line] = ofPort(9000).findings[0]?.lines ?? [];
    const more = load(line ?? "") as readonly object[];
    expect(told(ofPort(9000, { ledger: { ...LEDGER, ports: [...LEDGER.ports, ...more] } }))).toEqual([]);
  });
});
