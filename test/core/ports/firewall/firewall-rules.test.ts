import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type FirewallRule,
  type FirewallSource,
  firewallRules,
} from "../../../../src/core/ports/firewall/firewall-rules.ts";
import { EXPOSURES, entryCovers, PROTOCOLS } from "../../../../src/core/ports/ledger/ledger.ts";
import { isWithin } from "../../../../src/core/ports/port-range.ts";
import type { KnownPortPlace } from "../../../../src/core/ports/survey.ts";
import { anyLedger, NODES, PORTS, portRange } from "../../../builders/arbitrary-ledger.ts";
import { ledger } from "../../../builders/ledger.ts";

const DYNAMIC = { first: 20_000, last: 32_000 };

/** Does the first rule that fits let a packet in that comes from there? Whoever is anywhere is in no network of the site. */
function lets(
  rules: readonly FirewallRule[],
  { port, protocol, node }: KnownPortPlace,
  from: FirewallSource["kind"],
): boolean {
  const fitting = rules.find(
    (rule) =>
      isWithin(port, rule.ports) &&
      rule.protocols.includes(protocol) &&
      (rule.nodes?.includes(node) ?? true) &&
      (rule.from.kind === "anywhere" || rule.from.kind === from),
  );
  return fitting?.action === "accept";
}

test.each([
  ["public", { anywhere: true, ingress: true, networks: true, nodes: true }],
  ["ingress", { anywhere: false, ingress: true, networks: false, nodes: false }],
  ["internal", { anywhere: false, ingress: false, networks: true, nodes: false }],
  ["never", { anywhere: false, ingress: false, networks: false, nodes: true }],
])("%s lets in whom it means, inside the dynamic range and outside", (exposure, expected) => {
  for (const port of [9000, 25_000]) {
    const declared = ledger({ ports: [{ ports: port, owner: "x", exposure, nodes: ["node-1"], purpose: "x" }] });
    const rules = firewallRules(declared, DYNAMIC);
    const place = { port, protocol: "tcp", node: "node-1" } as const;
    for (const [from, isLetIn] of Object.entries(expected)) {
      expect(lets(rules, place, from as FirewallSource["kind"]), `${port} from ${from}`).toBe(isLetIn);
    }
    expect(lets(rules, { ...place, node: "node-2" }, "networks")).toBe(port === 25_000);
  }
});

test("networks of the entry's own take the place of those that its exposure means; none closes it", () => {
  const entry = { ports: 25_000, owner: "x", exposure: "never", purpose: "x" };
  const own = firewallRules(ledger({ ports: [{ ...entry, from: ["10.0.0.0/8"] }] }), DYNAMIC);
  expect(own[0]).toMatchObject({ action: "accept", from: { kind: "listed", networks: ["10.0.0.0/8"] } });
  expect(own[1]).toMatchObject({ action: "drop", from: { kind: "anywhere" } });
  const closed = firewallRules(ledger({ ports: [{ ...entry, from: [] }] }), DYNAMIC);
  expect(closed.map(({ action }) => action)).toEqual(["drop", "accept"]);
});

test.each([
  ["never in a public range", { ports: 8005, exposure: "never" }, { ports: "8000-8010", exposure: "public" }],
  [
    "never in an internal one that is dynamic",
    { ports: 25_005, exposure: "never" },
    { ports: "25000-25010", exposure: "internal" },
  ],
])(
  "an entry inside a wider one of another exposure keeps its port, in whatever order they stand: %s",
  (_, narrow, wide) => {
    const [store, pool] = [narrow, wide].map((entry) => ({ ...entry, owner: "x", purpose: "x" }));
    for (const ports of [
      [store, pool],
      [pool, store],
    ]) {
      const rules = firewallRules(ledger({ ports }), DYNAMIC);
      const place = { port: narrow.ports, protocol: "tcp", node: "node-1" } as const;
      expect((["anywhere", "networks", "nodes"] as const).map((from) => lets(rules, place, from))).toEqual([
        false,
        false,
        true,
      ]);
      expect(lets(rules, { ...place, port: narrow.ports + 1 }, "networks")).toBe(true);
      expect(lets(rules, { ...place, port: narrow.ports - 1 }, "networks")).toBe(true);
    }
  },
);

test("of all that is declared of a port the strictest counts alone, in whatever order, whatever is dynamic", () => {
  const admitted = {
    public: ["anywhere", "ingress", "networks", "nodes"],
    ingress: ["ingress"],
    restricted: ["ingress"],
    internal: ["networks"],
    never: ["nodes"],
  };
  fc.assert(
    fc.property(anyLedger, portRange(PORTS), (declared, dynamic) => {
      const rules = firewallRules(declared, dynamic);
      for (let port = 1; port <= PORTS + 2; port += 1) {
        for (const protocol of PROTOCOLS) {
          for (const node of NODES) {
            const place = { port, protocol, node };
            const spoken = declared.entries.filter((entry) => entryCovers(entry, place));
            const strictest = EXPOSURES.findLast((one) => spoken.some(({ exposure }) => exposure === one));
            const isDynamic = isWithin(port, dynamic);
            const expected = strictest === undefined ? (isDynamic ? ["networks"] : []) : admitted[strictest];
            const kinds = ["anywhere", "ingress", "networks", "nodes"] as const;
            expect(kinds.filter((kind) => lets(rules, place, kind))).toEqual(expected);
          }
        }
      }
    }),
  );
});
