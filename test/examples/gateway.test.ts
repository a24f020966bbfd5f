import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { expect, test } from "vitest";
import { portStateAt } from "../../src/core/ports/survey.ts";
import { playExample } from "./site.ts";

const { decision, survey, routes, scraped, diagnosed } = await playExample("gateway");

test("backends are reached over HTTPS, verified by the site's own authority", () => {
  expect(routes).toMatchObject({
    "home-assistant": ["https://192.168.40.10:8123"],
    grafana: ["https://192.168.40.10:3000"],
  });
  const { "http/services": services, "http/serversTransports": transports } = decision.chart;
  for (const name of ["home-assistant", "grafana"]) {
    expect(services.get(name)).toMatchObject({ loadBalancer: { serversTransport: "home-ca" } });
  }
  expect(transports.get("home-ca")).toEqual({ rootCAs: ["/etc/traefik/home-ca.pem"], serverName: "home.example" });
});

test("two ports of one service: HTTP through the tunnel, gRPC at an entry point that can carry it", () => {
  expect(routes).toMatchObject({
    triton: ["http://192.168.40.20:8000"],
    "triton-grpc": ["h2c://192.168.40.20:8001"],
    ray: ["http://192.168.40.20:8265"],
  });
  expect(Object.keys(routes)).toHaveLength(5);
  const entryPoints = (router: string) => decision.chart["http/routers"].get(router)?.["entryPoints"];
  expect([entryPoints("triton"), entryPoints("triton-grpc")]).toEqual([["tunnel"], ["grpc"]]);
});

test("services get the tunnel, hosts below home.example, declared transports and the own network, and nothing else", () => {
  const messages = decision.diagnostics.filter(({ code }) => code !== "PORT_WITHHELD").map(({ message }) => message);
  expect(messages).toEqual([
    "http/routers/everywhere names no entry point, allowed: tunnel, by rules.1 of the policy",
    'http/routers/certified uses the certificate resolver "letsencrypt", allowed: none, by rules.1 of the policy',
    'http/routers/blog can match the host "blog.example.org", allowed: *.home.example, by rules.1 of the policy',
    'the backend of http/services/printer is "192.168.50.9", outside 192.168.40.0/24',
    'http/services/unverified refers to the serversTransport "insecure", which neither the settings nor a snippet define',
    'http/routers/unverified refers to the service "unverified", which was left out: http/services/unverified refers to the serversTransport "insecure", which neither the settings nor a snippet define',
  ]);
});

test("databases are internal, whatever their tags say", () => {
  expect(diagnosed.filter((one) => one.startsWith("PORT_"))).toEqual(["PORT_WITHHELD postgres"]);
  expect(decision.chart["tcp/routers"].size).toBe(0);
  for (const port of [5432, 6379, 5672]) {
    expect(portStateAt(survey, { port, protocol: "tcp", node: "db" }).status).toBe("Active");
  }
});

test("what Prometheus scrapes is declared, and not routed", () => {
  for (const [port, node] of [
    [8002, "gpu"],
    [9153, "apps"],
  ] as const) {
    expect(portStateAt(survey, { port, protocol: "tcp", node }).status).toBe("Active");
  }
  expect(Object.keys(routes).filter((router) => router.includes("metrics"))).toEqual([]);
});

interface EntryPoint {
  readonly address: string;
  readonly forwardedHeaders?: { readonly trustedIPs: readonly string[] };
  readonly http?: { readonly tls: object };
}

test("the tunnel reaches Traefik by TLS on loopback, and it alone may say who the client was", () => {
  const { entryPoints } = fileOf<{ entryPoints: Record<string, EntryPoint> }>("traefik.yml");
  expect(entryPoints["tunnel"]).toEqual({
    address: "127.0.0.1:8443",
    forwardedHeaders: { trustedIPs: ["127.0.0.1/32", "::1/128"] },
    http: { tls: {} },
  });
  expect(entryPoints["grpc"]).toEqual({ address: "192.168.40.2:8444", http: { tls: {} } });
  expect(entryPoints["metrics"]).toEqual({ address: "192.168.40.2:9100" });
  const { ingress } = fileOf<{ ingress: readonly { service: string; originRequest?: object }[] }>("tunnel.yml");
  expect(ingress[0]).toMatchObject({
    service: "https://localhost:8443",
    originRequest: { originServerName: "gateway.home.example", caPool: "/etc/cloudflared/home-ca.pem" },
  });
});

test("each port on which Traefik listens has its line in the ledger", () => {
  const { entryPoints } = fileOf<{ entryPoints: Record<string, EntryPoint> }>("traefik.yml");
  for (const { address } of Object.values(entryPoints)) {
    const port = Number(address.replace(/^.*:/, ""));
    expect(portStateAt(survey, { port, protocol: "tcp", node: "gateway" }).status, address).toBe("Reserved");
  }
});

function fileOf<Content>(name: string): Content {
  return load(readFileSync(`deploy/examples/gateway/${name}`, "utf8")) as Content;
}

test("Prometheus is told of all services with metrics, of the gateway and of CoreDNS, which the ledger names", () => {
  expect(scraped).toEqual([
    "https://192.168.40.10:3000/metrics",
    "https://192.168.40.10:8123/api/prometheus",
    "http://192.168.40.10:9153/metrics",
    "http://192.168.40.20:8002/metrics",
    "http://192.168.40.20:8265/metrics",
    "http://192.168.40.2:9100/metrics",
  ]);
  expect(diagnosed.filter((one) => one.startsWith("METRICS_"))).toEqual([]);
});
