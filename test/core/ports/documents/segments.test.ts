import { expect, test } from "vitest";
import { segmentBlocks } from "../../../../src/core/ports/documents/segments.ts";
import { ledger } from "../../../builders/ledger.ts";

const DYNAMIC = { first: 20_000, last: 32_000 };

const SITE = {
  nodes: {
    "lb-1": "192.168.11.11",
    "dns-1": "192.168.11.53",
    old: "192.168.30.21",
    odd: "host.example",
    v6: "2001:db8::1",
  },
  ingress: ["lb-1"],
  networks: {
    management: "192.168.10.0/24",
    services: ["192.168.11.0/24", "2001:db8::/32"],
    all: "192.168.0.0/16",
  },
  ports: [
    { ports: 443, owner: "traefik", exposure: "public", nodes: ["lb-1"], purpose: "x" },
    { ports: 53, protocol: "udp", owner: "powerdns", exposure: "internal", nodes: ["dns-1"], purpose: "x" },
    { ports: 9901, owner: "envoy", exposure: "restricted", from: ["management", "10.9.0.0/24"], purpose: "x" },
    { ports: 8300, owner: "consul", exposure: "never", purpose: "x" },
  ],
};

const [chart, table] = segmentBlocks(ledger(SITE), DYNAMIC);

test("each node stands in the narrowest network that it has an address of", () => {
  if (chart?.kind !== "flowchart") throw new Error("no flowchart");
  expect(chart.nodes.map(({ key, frame }) => [key, frame])).toEqual([
    ["internet", undefined],
    ["node lb-1", "services 192.168.11.0/24, 2001:db8::/32"],
    ["node dns-1", "services 192.168.11.0/24, 2001:db8::/32"],
    ["node old", "all 192.168.0.0/16"],
    ["node odd", "other networks"],
    ["node v6", "services 192.168.11.0/24, 2001:db8::/32"],
    ["hosts management", "management 192.168.10.0/24"],
    ["hosts 10.9.0.0/24", "10.9.0.0/24"],
  ]);
  expect(chart.arrows).toEqual([{ from: "internet", to: "node lb-1", label: "443" }]);
});

test("each network may reach what is internal, if it is the site's, and what is opened to it", () => {
  expect(table).toMatchObject({
    heads: ["Network", "Addresses", "Nodes", "May reach"],
    rows: [
      [["management"], ["192.168.10.0/24"], [""], ["9901, 53/udp, dynamic ports 20000-32000"]],
      [["services"], ["192.168.11.0/24, 2001:db8::/32"], ["lb-1, dns-1, v6"], ["53/udp, dynamic ports 20000-32000"]],
      [["all"], ["192.168.0.0/16"], ["old"], ["53/udp, dynamic ports 20000-32000"]],
      [["10.9.0.0/24"], [""], [""], ["9901"]],
      [["any host"], [""], [""], ["443"]],
    ],
  });
});

test("a ledger without networks has no segments", () => {
  expect(segmentBlocks(ledger({ ports: SITE.ports.slice(0, 1) }), DYNAMIC)).toEqual([]);
});
