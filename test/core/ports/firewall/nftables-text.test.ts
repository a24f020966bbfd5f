import fc from "fast-check";
import { expect, test } from "vitest";
import { NO_CLIENTS } from "../../../../src/core/ports/firewall/client-nodes.ts";
import { type FirewallRule, firewallRules } from "../../../../src/core/ports/firewall/firewall-rules.ts";
import { nftablesText } from "../../../../src/core/ports/firewall/nftables-text.ts";
import { nodeFirewall } from "../../../../src/core/ports/firewall/node-firewall.ts";
import { type Ledger, PROTOCOLS } from "../../../../src/core/ports/ledger/ledger.ts";
import { isWithin } from "../../../../src/core/ports/port-range.ts";
import { anyLedger, NODES, PORTS, portRange } from "../../../builders/arbitrary-ledger.ts";
import { ledger } from "../../../builders/ledger.ts";
import { nftablesJudge } from "../../../builders/nftables-judge.ts";

const DYNAMIC = { first: 20_000, last: 32_000 };

/** Where packets come from, and which sources of rules mean that in the ledgers of these tests. */
const PLACES = {
  stranger: { address: "203.0.113.9", kinds: ["anywhere"] },
  office: { address: "10.1.2.3", kinds: ["anywhere", "networks"] },
  balancer: { address: "192.168.11.1", kinds: ["anywhere", "nodes", "ingress"] },
  node: { address: "192.168.11.2", kinds: ["anywhere", "nodes"] },
} as const;

const site = { ingress: ["node-1"], networks: ["10.0.0.0/8"] };

function firstVerdict(
  rules: readonly FirewallRule[],
  { port, protocol, node, kinds }: { port: number; protocol: string; node: string; kinds: readonly string[] },
): string {
  const fitting = rules.find(
    (rule) =>
      isWithin(port, rule.ports) &&
      rule.protocols.some((own) => own === protocol) &&
      (rule.nodes?.includes(node) ?? true) &&
      kinds.includes(rule.from.kind),
  );
  return fitting?.action ?? "drop";
}

test("the ruleset lets in what the plan lets in, from everywhere, to every port of every node, and nothing else", () => {
  fc.assert(
    fc.property(anyLedger, portRange(PORTS), (declared, dynamic) => {
      const whole: Ledger = { ...declared, ...site };
      const rules = firewallRules(whole, dynamic);
      for (const node of NODES) {
        const judge = nftablesJudge(
          nftablesText(nodeFirewall({ ledger: whole, dynamic, clientsOf: NO_CLIENTS }, node)),
        );
        for (let port = 1; port <= PORTS + 2; port += 1) {
          for (const protocol of PROTOCOLS) {
            for (const [name, { address, kinds }] of Object.entries(PLACES)) {
              const expected = firstVerdict(rules, { port, protocol, node, kinds });
              expect(judge({ port, protocol, from: address }), `${port}/${protocol} of ${node}, ${name}`).toBe(
                expected,
              );
            }
          }
        }
      }
    }),
    { numRuns: 50 },
  );
});

test("a container counts as the node that it is on, behind one bridge as behind another, and never by what it is not", () => {
  fc.assert(
    fc.property(anyLedger, portRange(PORTS), (declared, dynamic) => {
      const whole: Ledger = { ...declared, ...site };
      for (const node of NODES) {
        const judge = nftablesJudge(
          nftablesText(nodeFirewall({ ledger: whole, dynamic, clientsOf: NO_CLIENTS }, node)),
        );
        for (let port = 1; port <= PORTS + 2; port += 1) {
          for (const protocol of PROTOCOLS) {
            const own = judge({ port, protocol, from: whole.nodes.get(node) ?? "" });
            for (const bridge of ["docker0", "nomad"]) {
              expect(judge({ port, protocol, from: "172.17.0.2", interface: bridge })).toBe(own);
            }
          }
        }
      }
    }),
    { numRuns: 50 },
  );
});

test("what the node sends to itself goes by loopback, whatever is declared", () => {
  const judge = nftablesJudge(
    nftablesText(nodeFirewall({ ledger: ledger({}), dynamic: DYNAMIC, clientsOf: NO_CLIENTS }, undefined)),
  );
  expect(judge({ protocol: "tcp", port: 2375, from: "127.0.0.1", interface: "lo" })).toBe("accept");
  expect(judge({ protocol: "tcp", port: 2375, from: "127.0.0.1" })).toBe("drop");
});

test("IPv4 and IPv6 are told apart, ranges within others and bits after a prefix left out, since nft refuses overlaps", () => {
  const declared = ledger({
    nodes: { a: "192.168.11.1", b: "2001:db8::b", c: "::ffff:192.168.11.3" },
    networks: ["192.168.11.7/24", "192.168.0.0/16", "192.168.0.0/16", "2001:db8::1/64", "2001:db8::/48"],
    ports: [
      { ports: 1, owner: "x", exposure: "internal", purpose: "x" },
      { ports: 2, owner: "x", exposure: "restricted", from: ["10.0.0.0/8", "10.1.0.0/16", "fd00::/8"], purpose: "x" },
      { ports: 3, owner: "x", exposure: "restricted", from: ["0.0.0.0/0"], purpose: "x" },
    ],
  });
  const text = nftablesText(nodeFirewall({ ledger: declared, dynamic: DYNAMIC, clientsOf: NO_CLIENTS }, "a"));
  expect(text).toContain("elements = { 192.168.0.0/16 }");
  expect(text).toContain("elements = { 2001:db8::/48 }");
  expect(text).toContain("elements = { 192.168.11.1, 192.168.11.3 }");
  expect(text).toContain("elements = { 2001:db8::b }");
  expect(text).toContain('tcp dport 2 ip saddr { 10.0.0.0/8 } accept comment "x: x"');
  expect(text).toContain('tcp dport 2 ip6 saddr { fd00::/8 } accept comment "x: x"');
  expect(text).toContain('tcp dport 3 meta nfproto ipv4 accept comment "x: x"');
  const judge = nftablesJudge(text);
  expect(judge({ protocol: "tcp", port: 1, from: "2001:db8:0:7::1" })).toBe("accept");
  expect(judge({ protocol: "tcp", port: 1, from: "2001:db9::1" })).toBe("drop");
  expect(judge({ protocol: "tcp", port: 3, from: "2001:db8::1" })).toBe("drop");
});

test("a source without any address is closed, and the file says so where the rule would be", () => {
  const declared = ledger({
    ports: [
      { ports: 22, owner: "sshd", exposure: "internal", purpose: "SSH" },
      { ports: 80, owner: "web", exposure: "ingress", purpose: "page" },
    ],
    ingress: ["lb-1"],
  });
  const text = nftablesText(nodeFirewall({ ledger: declared, dynamic: DYNAMIC, clientsOf: NO_CLIENTS }, "node-1"));
  expect(text).toContain("# 22 (sshd: SSH): no address of the site's networks is known, so that none of them gets in.");
  expect(text).toContain("# 80 (web: page): no address of the load balancer is known, so that none of them gets in.");
  const judge = nftablesJudge(text);
  for (const port of [22, 80, 25_000]) expect(judge({ protocol: "tcp", port, from: "10.0.0.1" })).toBe("drop");
});

test("the table is replaced whole, and no other one is named", () => {
  const text = nftablesText(nodeFirewall({ ledger: ledger({}), dynamic: DYNAMIC, clientsOf: NO_CLIENTS }, undefined));
  expect(text.split("\n").filter((line) => /table|flush|destroy|ruleset/.test(line) && !line.startsWith("#"))).toEqual([
    "table inet portolan",
    "delete table inet portolan",
    "table inet portolan {",
  ]);
});
