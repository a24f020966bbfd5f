import { expect, test } from "vitest";
import { parseLedger } from "../../../src/config/files/ledger-file.ts";

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
      owner: "powerdns",
      exposure: "internal",
      nodes: ["dns-1"],
      purpose: "names",
      expected: "active",
    },
    {
      origin: "ledger.yml: ports.1",
      ports: { first: 20_160, last: 20_169 },
      protocols: ["tcp"],
      owner: "powerdns",
      exposure: "internal",
      purpose: "names",
    },
  ]);
});

test("an empty file is a ledger without entries", () => {
  expect(parseLedger({}, "x")).toMatchObject({ kind: "sound", ledger: { entries: [], groups: [], networks: [] } });
});

test.each<[unknown, string]>([
  [[], "the file: found a list; a mapping is allowed"],
  [{ port: [] }, "port: found an unknown key; allowed here: range, nodes, ingress, networks, groups, ports"],
  [
    { ports: [{ ...ENTRY, node: "x" }] },
    "ports.0.node: found an unknown key; allowed here: ports, protocol, owner, namespace, exposure, nodes, from, purpose, status, scheme",
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
    'ports.0.from.0: found "10.0.0.0/33"; an address or a range such as 192.168.11.0/24 is allowed',
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
