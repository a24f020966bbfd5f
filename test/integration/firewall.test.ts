import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NO_CLIENTS } from "../../src/core/ports/firewall/client-nodes.ts";
import { nftablesFile } from "../../src/core/ports/firewall/nftables-file.ts";
import { firewallNodes, nodeFirewall } from "../../src/core/ports/firewall/node-firewall.ts";
import type { Ledger } from "../../src/core/ports/ledger/ledger.ts";
import { ledger } from "../builders/ledger.ts";
import { playExample } from "../examples/site.ts";
import { createNetworkWorld } from "../support/network/network-world.ts";
import type { Probe } from "../support/network/probing.ts";

const world = await createNetworkWorld();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "portolan-firewall-"));
});
afterAll(async () => {
  await world?.close();
  await rm(folder, { recursive: true });
});

/** Runs a command in a namespace; it must succeed. */
async function sh(namespace: string | undefined, command: string): Promise<string> {
  const ran = await world?.sh(namespace, command, folder);
  expect(ran, command).toMatchObject({ code: 0 });
  return ran?.stdout ?? "";
}

const DYNAMIC = { first: 20_000, last: 32_000 };

const ORIGIN = {
  ...{ ledger: "ledger.yml", dynamicPorts: "20000-32000", command: "portolan firewall" },
  clientsAt: undefined,
  lines: [],
};

function fileOf(declared: Ledger, node: string | undefined): string {
  return nftablesFile(nodeFirewall({ ledger: declared, dynamic: DYNAMIC, clientsOf: NO_CLIENTS }, node), ORIGIN);
}

describe.skipIf(world === undefined)("nft", () => {
  test.each(["homelab", "messenger", "nodeports", "gateway"])("takes the ruleset of each node of %s", async (site) => {
    const { firewall } = await playExample(site);
    const nodes = firewallNodes(firewall.ledger);
    for (const node of nodes) {
      await writeFile(join(folder, `${site}-${node}.nft`), nftablesFile(nodeFirewall(firewall, node), ORIGIN));
    }
    expect(nodes.length).toBeGreaterThan(3);
    await sh(undefined, nodes.map((node) => `nft -c -f ${site}-${node}.nft`).join(" && "));
  });

  test("takes texts that would end a comment, networks that overlap, and both families", async () => {
    const declared = ledger({
      nodes: { a: "192.168.11.1", b: "2001:db8::b", c: "::ffff:192.168.11.3", d: "d.lab.local" },
      networks: ["192.168.11.7/24", "192.168.0.0/16", "2001:db8::1/64", "2001:db8::/48"],
      ports: [
        { ports: 1, owner: 'a"b', exposure: "never", purpose: 'quotes " and\nlines' },
        { ports: "2-9", protocol: "both", owner: "x", exposure: "internal", purpose: "ü".repeat(200) },
        { ports: 10, owner: "x", exposure: "restricted", from: ["0.0.0.0/0", "10.0.0.0/8", "::/0"], purpose: "x" },
        { ports: 11, owner: "x", exposure: "never", from: ["10.0.0.0/8", "10.1.0.0/16"], purpose: "\\" },
        { ports: 12, owner: "x", exposure: "ingress", purpose: "; drop #" },
      ],
    });
    await writeFile(join(folder, "odd.nft"), fileOf(declared, 'a"; x\ny'));
    await sh(undefined, "nft -c -f odd.nft");
  });
});

/** The ports below are published by a bridge, as Docker does: they are no process of the node's. */
const NAT = `
table ip nat {
  chain PREROUTING { type nat hook prerouting priority -100; fib daddr type local jump DOCKER; }
  chain POSTROUTING { type nat hook postrouting priority 100; ip saddr 172.17.0.0/16 oifname != "docker0" masquerade; }
  chain DOCKER {
    tcp dport { 8080, 8088, 24080 } dnat to 172.17.0.2:80
    udp dport { 24053, 8053 } dnat to 172.17.0.2:53
  }
}
`;

/** All that is outside is one namespace with the addresses of many hosts. */
const WIRES = [
  "for name in node outside box box2; do ip netns add $name; ip -n $name link set lo up; done",
  "ip -n node link add eth0 type veth peer name eth0 netns outside",
  "ip -n node link add docker0 type bridge",
  "ip -n node link add box type veth peer name eth0 netns box",
  "ip -n node link add box2 type veth peer name eth0 netns box2",
  "ip -n node link set box master docker0",
  "ip -n node link set box2 master docker0",
  "ip -n node addr add 192.168.11.21/24 brd + dev eth0",
  "ip -n node addr add 2001:db8:11::21/64 dev eth0 nodad",
  "ip -n node addr add 172.17.0.1/16 dev docker0",
  "ip -n box addr add 172.17.0.2/16 dev eth0",
  "ip -n box2 addr add 172.17.0.3/16 dev eth0",
  "for host in 192.168.11.11 192.168.11.22 192.168.10.5 203.0.113.9; do ip -n outside addr add $host/24 dev eth0; done",
  "for host in 2001:db8:10::5 2001:db8:66::9; do ip -n outside addr add $host/64 dev eth0 nodad; done",
  "for link in eth0 docker0 box box2; do ip -n node link set $link up; done",
  "for name in outside box box2; do ip -n $name link set eth0 up; done",
  "for net in 192.168.10.0/24 203.0.113.0/24; do ip -n node route add $net dev eth0; done",
  "for net in 2001:db8:10::/64 2001:db8:66::/64; do ip -n node route add $net dev eth0; done",
  "ip -n outside route add 2001:db8:11::/64 dev eth0",
  "ip -n outside route add 172.17.0.0/16 via 192.168.11.21",
  "for name in box box2; do ip -n $name route add default via 172.17.0.1; done",
  "ip netns exec node sysctl -qw net.ipv4.ip_forward=1",
  "ip netns exec node nft -f nat.nft",
].join(" && ");

const DECLARED = ledger({
  nodes: { "lb-1": "192.168.11.11", "node-1": "192.168.11.21", "node-2": "192.168.11.22" },
  ingress: ["lb-1"],
  networks: ["192.168.10.0/24", "2001:db8:10::/64"],
  ports: [
    { ports: 22, owner: "sshd", exposure: "internal", purpose: "SSH" },
    { ports: 53, protocol: "both", owner: "dns", exposure: "internal", purpose: "DNS" },
    { ports: 443, owner: "page", exposure: "public", purpose: "page" },
    { ports: 4222, owner: "nats", exposure: "never", purpose: "messages" },
    { ports: 2375, owner: "docker", exposure: "never", from: [], purpose: "Docker's API is root" },
    { ports: 8080, owner: "web", exposure: "ingress", purpose: "published by Docker" },
    { ports: 20_160, owner: "tikv", exposure: "never", purpose: "store" },
  ],
});

const TCP = [22, 53, 443, 2375, 4222, 9999, 20_160, 24_500];

const HOSTS = {
  balancer: "192.168.11.11",
  node: "192.168.11.22",
  office: "192.168.10.5",
  stranger: "203.0.113.9",
} as const;

/** Which of the hosts a port answers; `published` by the bridge or listened to on the node. */
const OPEN: Readonly<Record<string, readonly (keyof typeof HOSTS)[]>> = {
  "tcp 22": ["office"],
  "tcp 53": ["office"],
  "udp 53": ["office"],
  "tcp 443": ["balancer", "node", "office", "stranger"],
  "tcp 2375": [],
  "tcp 4222": ["balancer", "node"],
  "tcp 9999": [],
  "udp 9999": [],
  "tcp 20160": ["balancer", "node"],
  "tcp 24500": ["office"],
  "udp 24500": ["office"],
  // Published: the container listens on 80 and 53, which no rule opens to these.
  "tcp 8080": ["balancer"],
  "tcp 8088": [],
  "tcp 24080": ["office"],
  "udp 24053": ["office"],
  "udp 8053": [],
};

async function probe(namespace: string, probes: readonly Probe[]): Promise<Record<string, string>> {
  const running = await world?.start(namespace, "probing.ts", probes);
  return JSON.parse((await running?.line()) ?? "{}");
}

const NODE = "192.168.11.21";

function matrix(): readonly Probe[] {
  return Object.keys(OPEN).flatMap((place) => {
    const [protocol, port] = place.split(" ") as ["tcp" | "udp", string];
    return Object.entries(HOSTS).map(([host, from]) => ({
      name: `${place} from ${host}`,
      ...{ protocol, from, to: NODE, port: Number(port) },
    }));
  });
}

describe.skipIf(world === undefined)("a node that has loaded its ruleset", () => {
  beforeAll(async () => {
    await writeFile(join(folder, "nat.nft"), NAT);
    await writeFile(join(folder, "node-1.nft"), fileOf(DECLARED, "node-1"));
    await writeFile(join(folder, "closed.nft"), fileOf(ledger({}), undefined));
    await sh(undefined, WIRES);
    await world?.start("node", "answering.ts", { tcp: TCP, udp: [53, 9999, 24_500] });
    await world?.start("box", "answering.ts", { tcp: [80], udp: [53] });
    await world?.start("outside", "answering.ts", { tcp: [5000], udp: [5000] });
  });

  test("without rules every port answers every host, so that what is closed below is closed by them", async () => {
    expect(await probe("outside", matrix())).toEqual(Object.fromEntries(matrix().map(({ name }) => [name, "open"])));
  });

  test("what must be open answers and what must be closed does not, of its own ports and of those that Docker publishes", async () => {
    await sh("node", "nft -f node-1.nft");
    const expected = Object.entries(OPEN).flatMap(([place, hosts]) =>
      Object.keys(HOSTS).map((host) => [
        `${place} from ${host}`,
        hosts.some((one) => one === host) ? "open" : "closed",
      ]),
    );
    expect(await probe("outside", matrix())).toEqual(Object.fromEntries(expected));
  });

  test("IPv6 finds its neighbours and is judged like IPv4; broadcast reaches no closed port", async () => {
    await sh("node", "ip -6 neigh flush dev eth0");
    await sh("outside", "ip -6 neigh flush dev eth0");
    const to = "2001:db8:11::21";
    const [office, stranger] = ["2001:db8:10::5", "2001:db8:66::9"];
    const probes: readonly Probe[] = [
      { name: "22 from the office", protocol: "tcp", from: office, to, port: 22 },
      { name: "53 from the office", protocol: "udp", from: office, to, port: 53 },
      { name: "443 from a stranger", protocol: "tcp", from: stranger, to, port: 443 },
      { name: "22 from a stranger", protocol: "tcp", from: stranger, to, port: 22 },
      { name: "9999 from the office", protocol: "udp", from: office, to, port: 9999 },
      { name: "53 by broadcast", protocol: "udp", from: HOSTS.office, to: "192.168.11.255", port: 53 },
      { name: "9999 by broadcast", protocol: "udp", from: HOSTS.office, to: "192.168.11.255", port: 9999 },
    ];
    expect(await probe("outside", probes)).toEqual({
      "22 from the office": "open",
      "53 from the office": "open",
      "443 from a stranger": "open",
      "22 from a stranger": "closed",
      "9999 from the office": "closed",
      "53 by broadcast": "open",
      "9999 by broadcast": "closed",
    });
  });

  test("what the node, its containers and its bridges send goes on, and a container counts as its node", async () => {
    const out = HOSTS.balancer;
    const [node, container] = await Promise.all([
      probe("node", [
        { name: "out by TCP", protocol: "tcp", from: NODE, to: out, port: 5000 },
        { name: "out by UDP", protocol: "udp", from: NODE, to: out, port: 5000 },
        { name: "to itself", protocol: "tcp", from: NODE, to: NODE, port: 2375 },
        { name: "to a container", protocol: "tcp", from: "172.17.0.1", to: "172.17.0.2", port: 80 },
      ]),
      probe("box2", [
        { name: "out by TCP", protocol: "tcp", from: "172.17.0.3", to: out, port: 5000 },
        { name: "out by UDP", protocol: "udp", from: "172.17.0.3", to: out, port: 5000 },
        { name: "to another container", protocol: "tcp", from: "172.17.0.3", to: "172.17.0.2", port: 80 },
        { name: "to a port for the nodes", protocol: "tcp", from: "172.17.0.3", to: NODE, port: 4222 },
        { name: "to a port for no address", protocol: "tcp", from: "172.17.0.3", to: "172.17.0.1", port: 2375 },
      ]),
    ]);
    expect(node).toEqual({
      ...{ "out by TCP": "open", "out by UDP": "open", "to itself": "open", "to a container": "open" },
    });
    expect(container).toEqual({
      ...{ "out by TCP": "open", "out by UDP": "open", "to another container": "open" },
      ...{ "to a port for the nodes": "open", "to a port for no address": "closed" },
    });
    // Sent to the container's own address by way of the node: forwarded, and not for the node to judge.
    const through: Probe = { name: "through", protocol: "tcp", from: out, to: "172.17.0.2", port: 80 };
    expect(await probe("outside", [through])).toEqual({ through: "open" });
  });

  test("a connection lives on while the rules are replaced, also by ones that allow no other; other tables stay", async () => {
    const tables = await sh("node", "nft list table ip nat");
    const held = await world?.start("outside", "holding.ts", { from: HOSTS.office, to: NODE, port: 22 });
    await sh("node", "nft -f node-1.nft");
    held?.write("first");
    expect(await held?.line()).toBe("first");
    await sh("node", "nft -f closed.nft");
    held?.write("second");
    expect(await held?.line()).toBe("second");
    const again: Probe = { name: "again", protocol: "tcp", from: HOSTS.office, to: NODE, port: 22 };
    expect(await probe("outside", [again])).toEqual({ again: "closed" });
    expect(await sh("node", "nft list table ip nat")).toBe(tables);
    expect((await sh("node", "nft list tables")).split("\n").toSorted()).toEqual([
      "",
      "table inet portolan",
      "table ip nat",
    ]);
  });

  test.each([
    ["none", "nft delete table inet portolan", ""],
    ["the table that was there", "nft -f closed.nft", "table inet portolan"],
  ])("the head's commands lead back by themselves: to %s", async (_, before, expected) => {
    await sh("node", before);
    const was = await sh("node", "nft list ruleset");
    const shim = join(folder, "systemd-run");
    // What would run after a minute is written down instead.
    await writeFile(
      shim,
      `#!/bin/sh\nwhile case $1 in --*) true;; *) false;; esac; do shift; done\necho "$@" >later\n`,
      {
        mode: 0o755,
      },
    );
    const [save = "", load = ""] = Array.from(
      fileOf(DECLARED, "node-1").matchAll(/^# {3}(.*portolan-back\.nft.*)$/gm),
      ([, line = ""]) => line,
    );
    // Else it may be one more minute, by systemd's default.
    expect(load).toContain("--on-active=60 --timer-property=AccuracySec=1s ");
    await sh("node", `${save}; PATH="$PWD:$PATH"; ${load}`);
    expect(await sh("node", "nft list ruleset")).not.toBe(was);
    await sh("node", "sh later");
    expect(await sh("node", "nft list ruleset")).toBe(was);
    expect(was.includes("table inet portolan")).toBe(expected !== "");
  });
});
