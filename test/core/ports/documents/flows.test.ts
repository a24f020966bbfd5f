import { expect, test } from "vitest";
import type { Block } from "../../../../src/core/ports/documents/document.ts";
import { flowBlocks } from "../../../../src/core/ports/documents/flows.ts";
import { ledger } from "../../../builders/ledger.ts";

const NODES = { nodes: { "lb-1": "192.168.11.11", "app-1": "192.168.11.12" }, ingress: ["lb-1"] };

const DYNAMIC = { first: 20_000, last: 32_000 };

function entry(ports: number | string, owner: string, more: object = {}): object {
  return { ports, owner, exposure: "internal", purpose: "x", ...more };
}

function arrows([block]: readonly Block[]): readonly string[] {
  if (block === undefined) return [];
  if (block.kind !== "flowchart") throw new Error("no flowchart");
  return block.arrows.map(({ from, to, label }) => `${from} -> ${to}: ${label}`);
}

/** Without a load balancer, unless these say more. */
function flows(ports: readonly object[], more: object = {}): readonly string[] {
  return arrows(flowBlocks(ledger({ ...more, ports }), DYNAMIC));
}

test("users reach the load balancer, the load balancer what is behind it, services whose clients they are", () => {
  expect(
    flows(
      [
        entry(443, "traefik", { exposure: "public", nodes: ["lb-1"] }),
        entry(80, "traefik", { exposure: "public", nodes: ["lb-1"] }),
        entry(8080, "envoy", { exposure: "ingress" }),
        entry("50051-50052", "grpc", { exposure: "ingress", clients: ["envoy"] }),
        entry(4222, "nats", { exposure: "never", clients: ["grpc"] }),
        entry(9000, "minio"),
      ],
      NODES,
    ),
  ).toEqual([
    "users -> load balancer: 80, 443",
    "load balancer -> dynamic: ",
    "load balancer -> service envoy: 8080",
    "load balancer -> service grpc: 50051-50052",
    "service envoy -> service grpc: 50051-50052",
    "service grpc -> service nats: 4222",
  ]);
});

test("what is public elsewhere users reach there; networks reach what is opened to them", () => {
  expect(
    flows(
      [
        entry(3478, "turn", { exposure: "public", protocol: "udp" }),
        entry(9901, "admin", { exposure: "restricted", from: ["management", "10.9.0.0/24"] }),
      ],
      { networks: { management: "192.168.10.0/24" } },
    ),
  ).toEqual([
    "users -> service turn: 3478/udp",
    "network 10.9.0.0/24 -> service admin: 9901",
    "network management -> service admin: 9901",
  ]);
});

test("a load balancer behind a tunnel is reached by the tunnel's end", () => {
  expect(
    flows(
      [
        entry(8080, "traefik", { nodes: ["lb-1"], clients: ["cloudflared"] }),
        entry(3000, "grafana", { exposure: "ingress" }),
      ],
      NODES,
    ),
  ).toEqual([
    "users -> service cloudflared: ",
    "load balancer -> dynamic: ",
    "load balancer -> service grafana: 3000",
    "service cloudflared -> load balancer: 8080",
  ]);
});

test("one whose way in is not told is reached all the same", () => {
  expect(flows([entry(3000, "grafana", { exposure: "ingress" })], NODES)).toEqual([
    "users -> load balancer: ",
    "load balancer -> dynamic: ",
    "load balancer -> service grafana: 3000",
  ]);
});

test("clients are found by patterns, in their namespace, and named where they have no port of their own", () => {
  const ports = [
    entry(50_051, "auth-grpc", { namespace: "apps" }),
    entry(50_052, "chat-grpc", { namespace: "apps" }),
    entry(4222, "nats", { namespace: "messaging", clients: ["apps/*-grpc", "cron"] }),
  ];
  // Those without a namespace stand first.
  expect(flows(ports)).toEqual([
    "service cron -> service messaging/nats: 4222",
    "service apps/auth-grpc -> service messaging/nats: 4222",
    "service apps/chat-grpc -> service messaging/nats: 4222",
  ]);
});

test("nothing connects to itself, and where nothing connects there is no diagram", () => {
  expect(flows([entry(7000, "scylla", { exposure: "never", clients: ["scylla"] })])).toEqual([]);
  expect(flows([])).toEqual([]);
});

test("what no router may ever reach is drawn as a store, namespaces as frames", () => {
  const [block] = flowBlocks(
    ledger({
      ports: [
        entry(4222, "nats", { exposure: "never", namespace: "data", clients: ["web"] }),
        entry(8080, "web", { exposure: "internal" }),
      ],
    }),
    DYNAMIC,
  );
  expect(block).toMatchObject({
    nodes: [
      { key: "service web", shape: "box", label: ["web"] },
      { key: "service data/nats", shape: "store", label: ["nats"], frame: "data" },
    ],
  });
});
