import { expect, test } from "vitest";
import { parseLedger } from "../../../src/config/files/ledger-file.ts";
import type { Ledger } from "../../../src/core/ports/ledger/ledger.ts";

const ENTRY = { ports: 53, owner: "powerdns", exposure: "internal", purpose: "names" };

function errorsOf(content: unknown): readonly string[] {
  const parsed = parseLedger(content, "/etc/portolan/ledger.yml");
  return parsed.kind === "refused" ? parsed.errors : [];
}

test("an entry has the fields of its line, and says where it is written", () => {
  const content = {
    nodes: { "dns-1": "192.168.10.53" },
    ports: [
      { ...ENTRY, protocol: "both", nodes: ["dns-1"], status: "active" },
      { ...ENTRY, ports: "20160-20169" },
    ],
  };
  const parsed = parseLedger(content, "/etc/portolan/ledger.yml");
  if (parsed.kind === "refused") throw new Error(parsed.errors.join("\n"));
  expect(parsed.ledger.file).toBe("/etc/portolan/ledger.yml");
  expect(parsed.ledger.entries).toEqual([
    {
      origin: "ledger.yml: ports.0",
      ports: { first: 53, last: 53 },
      protocols: ["tcp", "udp"],
      owners: ["powerdns"],
      exposure: "internal",
      nodes: ["dns-1"],
      purpose: "names",
      expected: "active",
    },
    {
      origin: "ledger.yml: ports.1",
      ports: { first: 20_160, last: 20_169 },
      protocols: ["tcp"],
      owners: ["powerdns"],
      exposure: "internal",
      purpose: "names",
    },
  ]);
});

function soundly(content: unknown): Ledger {
  const parsed = parseLedger(content, "ledger.yml");
  if (parsed.kind === "refused") throw new Error(parsed.errors.join("\n"));
  return parsed.ledger;
}

test("networks are a list, or have names, which stand for one or several wherever networks are named", () => {
  expect(soundly({ networks: ["10.0.0.0/8", "10.0.0.0/8"] })).toMatchObject({
    networks: ["10.0.0.0/8"],
    namedNetworks: new Map(),
  });
  const named = { management: "192.168.10.0/24", services: ["192.168.11.0/24", "fd00::/64"] };
  const found = soundly({
    networks: named,
    ports: [{ ...ENTRY, exposure: "restricted", from: ["services", "10.9.9.9", "management", "fd00::/64"] }],
  });
  expect(found.networks).toEqual(["192.168.10.0/24", "192.168.11.0/24", "fd00::/64"]);
  expect(found.namedNetworks).toEqual(
    new Map([
      ["management", ["192.168.10.0/24"]],
      ["services", ["192.168.11.0/24", "fd00::/64"]],
    ]),
  );
  expect(found.entries[0]?.from).toEqual(["192.168.11.0/24", "fd00::/64", "10.9.9.9", "192.168.10.0/24"]);
});

test("an entry has its owners, its clients, the port inside and a scope of its own", () => {
  const found = soundly({
    scope: "cluster",
    range: "1-32767",
    groups: [{ name: "core", ports: "30800-30899", scope: "node", purpose: "x" }],
    ports: [
      { ...ENTRY, owner: ["nomad", "nomad-*", "nomad"] },
      { ...ENTRY, clients: ["web", "core/api-*"], internalPort: 8080, scope: "node" },
    ],
  });
  expect(found).toMatchObject({ scope: "cluster", range: { first: 1, last: 32_767 }, groups: [{ scope: "node" }] });
  expect(found.entries).toMatchObject([
    { owners: ["nomad", "nomad-*"] },
    {
      owners: ["powerdns"],
      clients: [{ service: "web" }, { service: "api-*", namespace: "core" }],
      internalPort: 8080,
      scope: "node",
    },
  ]);
});

test("an empty file is a ledger without entries", () => {
  expect(parseLedger({}, "x")).toMatchObject({ kind: "sound", ledger: { entries: [], groups: [], networks: [] } });
});

test.each<[unknown, string]>([
  [[], "the file: found a list; a mapping is allowed"],
  [
    { port: [] },
    "port: found an unknown key; allowed here: scope, range, nodes, ingress, networks, endpointHost, groups, ports",
  ],
  [
    { ports: [{ ...ENTRY, node: "x" }] },
    "ports.0.node: found an unknown key; allowed here: ports, protocol, owner, namespace, exposure, nodes, from, clients, env, clientEnv, internalPort, scope, purpose, status, scheme",
  ],
  [
    { ports: [{ ...ENTRY, ports: "53-22" }] },
    'ports.0.ports: found "53-22"; a port or a range "FIRST-LAST" between 1 and 65535 is allowed',
  ],
  [{ ports: [{ ...ENTRY, ports: 0 }] }, "ports.0.ports: found 0"],
  [
    { ports: [{ ...ENTRY, exposure: "nevr" }] },
    'ports.0.exposure: found "nevr"; allowed: public, ingress, restricted, internal, never',
  ],
  [{ ports: [{ ...ENTRY, protocol: "sctp" }] }, 'ports.0.protocol: found "sctp"; allowed: tcp, udp, both'],
  [{ ports: [{ ...ENTRY, purpose: "" }] }, "ports.0.purpose"],
  [{ ports: [{ ports: 53, exposure: "never", purpose: "x" }] }, "ports.0.owner: found nothing"],
  [
    { ports: [{ ...ENTRY, from: ["10.0.0.0/33"] }] },
    'ports.0.from.0: found "10.0.0.0/33"; an address or a range such as 192.168.11.0/24 is allowed, and a name that networks gives to one',
  ],
  [{ ports: [{ ...ENTRY, owner: [] }] }, "ports.0.owner: found a list; a list of at least 1 entry is allowed"],
  [
    { ports: [{ ...ENTRY, owner: {} }] },
    "ports.0.owner: found a mapping; a name, or a list as in [nomad, nomad-client]",
  ],
  [{ ports: [{ ...ENTRY, owner: "*" }] }, 'ports.0.owner: found "*"; a name, or one with "*" for a part of it'],
  [{ ports: [{ ...ENTRY, owner: ["a", "**"] }] }, 'ports.0.owner.1: found "**"; a name, or one with "*"'],
  [{ ports: [{ ...ENTRY, clients: [] }] }, "ports.0.clients: found a list; a list of at least 1 entry is allowed"],
  [{ ports: [{ ...ENTRY, clients: ["*"] }] }, 'ports.0.clients.0: found "*"; NAME or NAMESPACE/NAME of a service'],
  [{ ports: [{ ...ENTRY, clients: ["*/web"] }] }, 'ports.0.clients.0: found "*/web"; NAME or NAMESPACE/NAME'],
  [{ ports: [{ ...ENTRY, internalPort: 70_000 }] }, "ports.0.internalPort: found 70000; at most 65535"],
  [
    { ports: [{ ...ENTRY, ports: "53-54", internalPort: 53 }] },
    "ports.0.internalPort: found 53 beside the range 53-54; it is allowed beside one port: write an entry for each",
  ],
  [{ scope: "site" }, 'scope: found "site"; allowed: node, cluster'],
  [{ ports: [{ ...ENTRY, scope: "all" }] }, 'ports.0.scope: found "all"; allowed: node, cluster'],
  [{ networks: 5 }, "networks: found 5; a list of networks, or a mapping of a name to one or several, is allowed"],
  [{ networks: ["lan"] }, 'networks.0: found "lan"; an address or a range such as 192.168.11.0/24 is allowed'],
  [{ networks: { lan: "x" } }, 'networks.lan: found "x"; an address or a range such as 192.168.11.0/24 is allowed'],
  [{ networks: { lan: ["10.0.0.0/8", "x"] } }, 'networks.lan.1: found "x"; an address or a range'],
  [{ networks: { lan: [] } }, "networks.lan: found a list; a list of at least 1 entry is allowed"],
  [
    { networks: { lan: 5 } },
    "networks: found a mapping; a list of networks, or a mapping of a name to one or several, is allowed",
  ],
  ...["10.0.0.1", "10.0.0.0/8", "fd00::1", "7", "-x", "a b", ""].map((name): [unknown, string] => [
    { networks: { [name]: "10.0.0.0/8" } },
    `networks.${name}: found "10.0.0.0/8"; under a name of letters, digits, - and _ that begins with a letter, it is allowed`,
  ]),
  [
    { networks: { management: "10.0.0.0/8", vpn: "10.9.0.0/16" }, ports: [{ ...ENTRY, from: ["managment"] }] },
    'ports.0.from.0: found "managment"; an address or a range such as 192.168.11.0/24 is allowed, and what networks has by name: management, vpn',
  ],
  [
    { ports: [{ ...ENTRY, exposure: "restricted" }] },
    "ports.0.from: found nothing; with exposure restricted the networks that may reach it must be named",
  ],
  [{ ports: [{ ...ENTRY, exposure: "restricted", from: [] }] }, "ports.0.from: found nothing"],
  [
    { nodes: { "dns-1": "10.0.0.1" }, ports: [{ ...ENTRY, nodes: ["dns-2"] }] },
    'ports.0.nodes: found "dns-2"; allowed, since nodes lists them: dns-1',
  ],
  [{ nodes: { "dns-1": "10.0.0.1" }, ingress: ["lb"] }, 'ingress: found "lb"; allowed, since nodes lists them: dns-1'],
  [
    { range: "30000-32767", ports: [{ ...ENTRY, ports: "32767-32768" }] },
    "ports.0.ports: found 32767-32768; ports within the ledger's range 30000-32767 are allowed",
  ],
  [
    { range: "30000-32767", groups: [{ name: "core", ports: "29999-30001", purpose: "x" }] },
    "groups.0.ports: found 29999-30001",
  ],
  [
    {
      groups: [
        { name: "core", ports: "30800-30899", purpose: "x" },
        { name: "core", ports: "30900-30999", purpose: "y" },
      ],
    },
    'groups.1.name: found "core"; a name that no other group has is allowed',
  ],
  [{ groups: [{ name: "core", ports: "1-9", spacing: 0, purpose: "x" }] }, "groups.0.spacing: found 0; at least 1"],
])("%j is refused", (content, message) => {
  expect(errorsOf(content)).toEqual([expect.stringContaining(message)]);
});

test("every problem is listed at once", () => {
  expect(errorsOf({ range: "x", ports: [{ ...ENTRY, exposure: "x", protocol: "x" }], groups: [{}] })).toHaveLength(6);
});

test("an entry with metrics has one TCP port, a node and an exposure", () => {
  const errors = (entry: object, nodes: object = { a: "10.0.0.1" }) =>
    errorsOf({ nodes, ports: [{ ...ENTRY, metrics: true, ...entry }] });
  expect(errors({})).toEqual([]);
  expect(errors({ metrics: { path: "/stats", scheme: "https" }, protocol: "both" })).toEqual([]);
  expect(errors({ ports: "53-54" })).toEqual([
    expect.stringContaining("ports.0.metrics: found it beside the range 53-54"),
  ]);
  expect(errors({ protocol: "udp" })).toEqual([expect.stringContaining("found it with protocol udp")]);
  expect(errors({ exposure: "never" })).toEqual([expect.stringContaining("found it with exposure never")]);
  expect(errors({}, {})).toEqual([expect.stringContaining("found it without a node")]);
  expect(errors({ nodes: ["dns.example"] }, {})).toEqual([]);
  expect(errors({ metrics: { path: "stats?x" } })).toEqual([expect.stringContaining("ports.0.metrics")]);
  expect(errors({ metrics: false })).toEqual([expect.stringContaining("ports.0.metrics")]);
});
