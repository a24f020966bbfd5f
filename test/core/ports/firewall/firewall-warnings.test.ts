import { load } from "js-yaml";
import { expect, test } from "vitest";
import type { ServiceInstance } from "../../../../src/core/catalog/snapshot.ts";
import { clientNodes, NO_CLIENTS } from "../../../../src/core/ports/firewall/client-nodes.ts";
import {
  clientWarnings,
  type FirewallWarning,
  ingressWarnings,
  nodeWarnings,
  overlapWarnings,
} from "../../../../src/core/ports/firewall/firewall-warnings.ts";
import { nodeFirewall } from "../../../../src/core/ports/firewall/node-firewall.ts";
import { ledger } from "../../../builders/ledger.ts";
import { instance } from "../../../builders/world.ts";

const DYNAMIC = { first: 20_000, last: 32_000 };

type Content = Readonly<Record<string, unknown>> & { readonly ports?: readonly unknown[] };

function warningsOf(
  content: Content,
  node = "node-1",
  instances: readonly ServiceInstance[] = [],
): readonly FirewallWarning[] {
  const declared = ledger(content);
  const plan = { ledger: declared, dynamic: DYNAMIC, clientsOf: clientNodes(instances, declared) };
  return [...nodeWarnings(declared, nodeFirewall(plan, node)), ...overlapWarnings(declared), ...ingressWarnings(plan)];
}

/** The ledger with the lines of a remedy pasted in: entries beside its own, all else in place of what it had. */
function pasted(content: Content, lines: string): Content {
  const added = load(lines) as Content;
  const nodes = { ...(content["nodes"] as object), ...(added["nodes"] as object) };
  return { ...content, ...added, nodes, ports: [...(content.ports ?? []), ...(added.ports ?? [])] };
}

const SOUND: Content = {
  nodes: { "lb-1": "192.168.11.11", "node-1": "192.168.11.21" },
  ingress: ["lb-1"],
  networks: ["192.168.11.0/24"],
  ports: [{ ports: 22, owner: "sshd", exposure: "internal", purpose: "SSH" }],
};

test("a ledger that says all is met with silence", () => {
  expect(warningsOf(SOUND)).toEqual([]);
});

test.each([
  ["without a range", {}],
  ["with a range that SSH is outside of", { range: "30000-32767" }],
])("SSH that no rule opens is told, and the lines of the remedy open it: %s", (_, more) => {
  const content: Content = { ...SOUND, ...more, ports: [] };
  const [warning, ...others] = warningsOf(content);
  expect(others).toEqual([]);
  expect(warning?.message).toBe(
    "22/tcp of node-1 is open to no address: once these rules are loaded, no new SSH session gets in",
  );
  const lines = warning?.remedy.replace(/^write in ledger\.yml:\n/, "") ?? "";
  expect(warningsOf(pasted(content, lines))).toEqual([]);
});

test("SSH that is declared and open to no address is told by its line", () => {
  const content = { ...SOUND, ports: [{ ports: 22, owner: "sshd", exposure: "never", from: [], purpose: "SSH" }] };
  expect(warningsOf(content).map(({ remedy }) => remedy)).toEqual([
    "let an address of yours in by ledger.yml: ports.0",
  ]);
});

test.each([
  ["never, of a site's only node", { nodes: { "node-1": "192.168.11.21" }, ingress: [] }, { exposure: "never" }],
  ["ingress, of the only load balancer", { ingress: ["node-1"] }, { exposure: "ingress" }],
  ["from its own address", {}, { exposure: "internal", from: ["192.168.11.21", "192.168.11.21/32"] }],
])("SSH that is open to the node itself alone is open to no address: %s", (_, site, more) => {
  const content = { ...SOUND, ...site, ports: [{ ports: 22, owner: "sshd", purpose: "SSH", ...more }] };
  const messages = warningsOf(content).map(({ message }) => message);
  expect(messages.filter((one) => one.startsWith("22/tcp of node-1 is open to no address"))).toHaveLength(1);
});

test("of nodes with the same rules those are named that SSH is closed on", () => {
  const ports = [{ ports: 22, owner: "sshd", exposure: "never", purpose: "SSH" }];
  const declared = ledger({ nodes: { "node-1": "node-1.lan", "node-2": "192.168.11.22" }, ports });
  const plan = { ledger: declared, dynamic: DYNAMIC, clientsOf: NO_CLIENTS };
  const [one, other] = [nodeFirewall(plan, "node-1"), nodeFirewall(plan, "node-2")];
  const [warning] = nodeWarnings(declared, one, [one, other]);
  expect(warning?.message).toMatch(/^22\/tcp of node-2 is open to no address:/);
});

test("a source that the ledger says nothing of is told with the ports that stay closed for it", () => {
  const content = { ...SOUND, networks: [] };
  const [, warning] = warningsOf(content);
  expect(warning?.message).toBe(
    "ledger.yml says nothing of networks, so that what is for them stays closed: 22, 20000-32000",
  );
  const lines = warning?.remedy.replace("write in ledger.yml, with your own addresses: ", "") ?? "";
  expect(warningsOf(pasted(content, lines))).toEqual([]);
});

test("a node that has a name for an address is told: a rule cannot have it", () => {
  const content = {
    ...SOUND,
    nodes: { "lb-1": "lb-1.lab.local", "node-1": "192.168.11.21" },
    ports: [...(SOUND.ports ?? []), { ports: 8080, owner: "web", exposure: "ingress", purpose: "page" }],
  };
  const [warning, ...others] = warningsOf(content);
  expect(others).toEqual([]);
  expect(warning?.message).toMatch(
    /^ledger\.yml has no address of lb-1 \(lb-1\.lab\.local\) for ingress, .* out of 8080$/,
  );
  expect(warningsOf(addressed(content, warning, "192.168.11.11"))).toEqual([]);
});

/** The ledger after a remedy that asks for the address of a node. */
function addressed(content: Content, warning: FirewallWarning | undefined, address: string): Content {
  const [, lines = ""] = /^write the address in ledger\.yml: (.*)$/.exec(warning?.remedy ?? "") ?? [];
  return pasted(content, lines.replaceAll("ADDRESS", address));
}

const RESTRICTED = { ports: 8080, owner: "web", exposure: "restricted", from: ["10.8.0.0/16"], purpose: "page" };

test("a from that leaves out the load balancer is told, and the remedy lets it in", () => {
  const content = { ...SOUND, ports: [...(SOUND.ports ?? []), RESTRICTED] };
  const [warning, ...others] = warningsOf(content);
  expect(others).toEqual([]);
  expect(warning).toEqual({
    message:
      "8080 is declared restricted (ledger.yml: ports.1), and its from leaves out the load balancer's lb-1: a route to it gets no answer",
    remedy: "write in ledger.yml: ports.1: from: [10.8.0.0/16, 192.168.11.11]",
  });
  const { from } = load(warning?.remedy.replace("write in ledger.yml: ports.1: ", "") ?? "") as { from: unknown };
  expect(warningsOf({ ...SOUND, ports: [...(SOUND.ports ?? []), { ...RESTRICTED, from }] })).toEqual([]);
});

test.each([
  ["whose network has it", { from: ["192.168.11.0/24"] }],
  ["on the load balancer's own node, by loopback", { nodes: ["lb-1"] }],
  ["that no route may have", { exposure: "internal" }],
])("a from %s is none to warn of", (_, more) => {
  expect(warningsOf({ ...SOUND, ports: [...(SOUND.ports ?? []), { ...RESTRICTED, ...more }] })).toEqual([]);
});

test("clients that are registered nowhere, or outside of the site, are told with the port that stays closed for them", () => {
  const content = {
    ...SOUND,
    ports: [
      ...(SOUND.ports ?? []),
      { ports: 4222, owner: "nats", exposure: "never", clients: ["messaging", "media"], purpose: "messages" },
    ],
  };
  const registered = [instance({ service: "media", node: "node-9", nodeAddress: "192.168.99.9" })];
  const warned = (nodes: Readonly<Record<string, string>>, instances = registered) => {
    const declared = ledger({ ...content, nodes: { "lb-1": "192.168.11.11", "node-1": "192.168.11.21", ...nodes } });
    return clientWarnings(declared, clientNodes(instances, declared));
  };
  const [absent, elsewhere, ...others] = warned({});
  expect(others).toEqual([]);
  expect(absent?.message).toBe(
    "messaging is registered nowhere, so that no node is let in to 4222 of nats for it (ledger.yml: ports.1)",
  );
  expect(elsewhere?.message).toBe(
    "media at node-9 (192.168.99.9) is on no node of the ledger, so that it is not let in to 4222 of nats (ledger.yml: ports.1)",
  );
  expect(elsewhere?.remedy).toBe("name its node in ledger.yml beside lb-1, node-1: nodes: { NAME: ADDRESS }");
  const messaging = instance({ service: "messaging", node: "node-1", nodeAddress: "192.168.11.21" });
  expect(warned({ "node-9": "192.168.99.9" }, [...registered, messaging])).toEqual([]);
});

test("clients on a node that has a name for an address are told, and its address lets them in", () => {
  const NATS = { ports: 4222, owner: "nats", exposure: "never", clients: ["messaging"], purpose: "messages" };
  const content = { ...SOUND, nodes: { "app-1": "app1.lan", "node-1": "192.168.11.21" }, ingress: [], ports: [NATS] };
  const messaging = instance({ catalog: "nomad", service: "messaging", node: "app-1", nodeAddress: "" });
  const warned = (one: Content) => {
    const declared = ledger(one);
    return clientWarnings(declared, clientNodes([messaging, { ...messaging, id: "another" }], declared));
  };
  const [warning, ...others] = warned(content);
  expect(others).toEqual([]);
  expect(warning?.message).toBe(
    "rules cannot have a name, whose address may change: messaging at app-1 (app1.lan) is not let in to 4222 of nats (ledger.yml: ports.0)",
  );
  expect(warned(addressed(content, warning, "192.168.11.31"))).toEqual([]);
});

test("a from that leaves out the load balancer is none to warn of where it gets in as a client, or by another entry", () => {
  const traefik = instance({ service: "traefik", node: "lb-1", nodeAddress: "192.168.11.11" });
  const ports = (...more: readonly object[]) => ({ ...SOUND, ports: [...(SOUND.ports ?? []), ...more] });
  const ingress = { ...RESTRICTED, exposure: "ingress" };
  expect(warningsOf(ports({ ...ingress, clients: ["traefik"] }), "node-1", [traefik])).toEqual([]);
  expect(warningsOf(ports({ ...ingress, clients: ["traefik"] }))).toHaveLength(1);
  const { from: _, ...open } = ingress;
  for (const both of [
    [ingress, open],
    [open, ingress],
  ])
    expect(warningsOf(ports(...both))).toEqual([]);
  expect(warningsOf(ports(ingress, { ...open, nodes: ["node-1"] }))).toHaveLength(1);
  const internal = { ...open, exposure: "internal" };
  const told = warningsOf(ports(ingress, internal)).map(({ message }) => message);
  expect(told).toEqual([
    "8080/tcp is declared internal (ledger.yml: ports.2) and ingress (ledger.yml: ports.1): ingress does not count there, since the strictest exposure counts alone",
  ]);
});

test.each([
  ["inside a range", "8005", "8000-8010", "ports: 8000-8004; and again, with ports: 8006-8010"],
  ["at the end of one", "8010-8012", "8000-8010", "ports: 8000-8009"],
])("entries of different exposure for the same ports are told with both lines: %s", (_, never, pool, remedy) => {
  const store = { ports: never, owner: "store", exposure: "never", purpose: "store" };
  const web = { ports: pool, owner: "pool", exposure: "public", purpose: "pages" };
  const sound = SOUND.ports ?? [];
  const [warning, ...others] = warningsOf({ ...SOUND, ports: [...sound, web, store] });
  expect(others).toEqual([]);
  expect(warning?.message).toMatch(/is declared never \(ledger\.yml: ports\.2\) and public \(ledger\.yml: ports\.1\)/);
  expect(warning?.remedy).toBe(`write in ledger.yml: ports.1: ${remedy}`);
  const pieces = [...remedy.matchAll(/ports: ([\d-]+)/g)].map(([, ports]) => ({ ...web, ports }));
  expect(warningsOf({ ...SOUND, ports: [...sound, ...pieces, store] })).toEqual([]);
});
