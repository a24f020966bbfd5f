import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { firewallRules } from "../../src/core/ports/firewall/firewall-rules.ts";
import { answerQuestion } from "../../src/core/ports/inventory/asking/answer.ts";
import { nextFree } from "../../src/core/ports/inventory/next-free.ts";
import { portTable } from "../../src/core/ports/inventory/port-table.ts";
import { reservedPorts } from "../../src/core/ports/inventory/reserved-ports.ts";
import { holders, portStateAt } from "../../src/core/ports/survey.ts";
import type { Registration } from "../../src/simulator/state/registration.ts";
import { playExample } from "./site.ts";

const { decision, survey, routes, scraped, diagnosed } = await playExample("messenger");

/** What portolan makes of the `from` of a console's port, which the ledger restricts. */
const ALLOW_LIST = "from.10.20.0.0-24";

test("declared services are reached through the ingress, those that speak gRPC by h2c", () => {
  expect(routes).toEqual({
    "auth-grpc": ["h2c://10.20.0.11:50051"],
    "messaging-grpc": ["h2c://10.20.0.11:50052"],
    "presence-grpc": ["h2c://10.20.0.12:50053"],
    "media-grpc": ["h2c://10.20.0.12:50054"],
    envoy: ["http://10.20.0.11:8080"],
    "messaging-ws": ["http://10.20.0.11:8081"],
    "envoy-admin": ["http://10.20.0.11:9901"],
    "minio-admin": ["http://10.20.0.21:9001"],
  });
});

test("the WebSocket asks for a JWT, and consoles for an address of the operators at their entry point", () => {
  const { "http/routers": routers, "http/middlewares": middlewares } = decision.chart;
  expect(routers.get("messaging-ws")?.["middlewares"]).toEqual(["jwt@file"]);
  expect(middlewares.get("jwt")).toEqual({
    forwardAuth: { address: "http://10.20.0.12:24100/verify" },
  });
  for (const console of ["envoy-admin", "minio-admin"]) {
    expect(routers.get(console)).toMatchObject({ entryPoints: ["admin"], middlewares: [ALLOW_LIST, "operators@file"] });
  }
  expect(middlewares.get(ALLOW_LIST)).toEqual({ ipAllowList: { sourceRange: ["10.20.0.0/24"] } });
  expect(middlewares.get("operators")).toEqual({ ipAllowList: { sourceRange: ["10.20.0.0/24"] } });
});

test("stores get no route, not even inside the dynamic range or through another service's tags", () => {
  expect(diagnosed.filter((one) => one.startsWith("PORT_"))).toEqual([
    "PORT_WITHHELD explorer",
    "PORT_WITHHELD nats-monitoring",
    "PORT_WITHHELD tikv",
  ]);
  expect(decision.chart["tcp/routers"].size).toBe(0);
  const tikv = decision.diagnostics.find(({ subject }) => subject.service === "tikv");
  expect(tikv?.message).toMatch(
    /^port 20160 is declared never to be exposed \(ledger\.yml: ports\.\d+, 20160-20169 of data\/tikv/,
  );
});

test("a console in public, a middleware of one's own, metrics and a database by TCP are refused", () => {
  const refused = decision.diagnostics.filter(({ code }) => code === "POLICY_REFUSED");
  expect(refused.map(({ message }) => message)).toEqual([
    'http/routers/flags-admin listens at the entry point "websecure", allowed: admin, by rules.0 of the policy',
    'http/routers/typing-ws can match paths such as "/typing…", allowed: /ws, by rules.2 of the policy',
    "http/middlewares/nobody-asks defines a middleware, allowed: none, by rules.2 of the policy",
    "http/routers/media-metrics is a http router, allowed: none, by rules.1 of the policy",
    "tcp/routers/scylla-new is a tcp router, allowed: http, by rules.3 of the policy",
  ]);
  expect(diagnosed).toHaveLength(3 + refused.length);
});

test("Nomad is to reserve TiKV's ports, and the firewall closes them before it opens the dynamic range", () => {
  expect(reservedPorts(survey.ledger, survey.dynamic)).toEqual([
    { node: undefined, besides: [], reservedPorts: "20160-20169" },
  ]);
  const rules = firewallRules(survey.ledger, survey.dynamic).slice(-2);
  expect(rules).toMatchObject([
    { action: "drop", ports: { first: 20_160, last: 20_169 } },
    { action: "accept", ports: { first: 20_000, last: 32_000 } },
  ]);
});

test("two services share 8080 and two systems 8081, on nodes of their own: no conflict", () => {
  const at = (port: number, node: string) => portStateAt(survey, { port, protocol: "tcp", node }).status;
  expect([at(8080, "app-1"), at(8080, "app-2"), at(8081, "app-1"), at(8081, "dns-1")]).toEqual(Array(4).fill("Active"));
  expect(portTable(survey).filter(({ status }) => status === "Conflict")).toEqual([]);
});

test("on one node they are one, which is reported and not refused", async () => {
  const Service = { Service: "powerdns-api", Port: 8081 };
  const clash = await playExample("messenger", [{ Node: "app-1", Address: "10.20.0.11", Service }]);
  expect(portStateAt(clash.survey, { port: 8081, protocol: "tcp", node: "app-1" }).status).toBe("Conflict");
  expect(clash.diagnosed).toContain("PORT_CONFLICT powerdns-api");
  expect(clash.routes).toEqual(routes);
});

test("planned services have their ports, and a new one finds the next", () => {
  const ports = { first: 50_055, last: 50_055 };
  const ask = (service: string) =>
    answerQuestion(survey, { ports, protocols: ["tcp"], node: "app-1", asking: { service, namespace: "" } });
  expect(ask("call-service").verdict).toBe("free");
  expect(ask("group-service").verdict).toBe("declared");
  expect(portStateAt(survey, { port: 3478, protocol: "udp", node: "edge-1" }).status).toBe("Reserved");
  const next = survey.ledger.groups.map((group) => [group.name, nextFree(group, survey)]);
  expect(next).toEqual([
    ["grpc", { kind: "found", port: 50_057 }],
    ["web", { kind: "found", port: 8083 }],
    ["admin", { kind: "found", port: 9002 }],
  ]);
});

test.each([
  ["apps", ["auth-grpc", "messaging-grpc", "presence-grpc", "media-grpc", "notification", "envoy"]],
  ["messaging", ["nats"]],
  ["data", ["pd", "tikv", "scylla", "minio"]],
  ["host", ["traefik", "registry", "kubernetes"]],
])("in the namespace %s are %j", (namespace, owners) => {
  for (const owner of owners) {
    const entries = survey.ledger.entries.filter((entry) => entry.owners.includes(owner));
    expect(
      entries.map((entry) => entry.namespace),
      owner,
    ).toEqual(entries.map(() => namespace));
    expect(entries.length, owner).toBeGreaterThan(0);
  }
});

test.each([
  [50_051, "authentication and users"],
  [50_052, "messaging operations"],
  [50_053, "presence and typing"],
  [50_054, "file upload and download"],
  [4222, "NATS clients"],
  [4223, "NATS cluster routing (node to node)"],
  [6222, "NATS leaf nodes"],
  [2379, "PD client API"],
  [2380, "PD peers (Raft)"],
])("port %i is for %s", (port, purpose) => {
  const { entries } = portStateAt(survey, { port, protocol: "tcp", node: "app-1" });
  expect(entries.map((entry) => entry.purpose)).toEqual([purpose]);
});

describe("what must have the operator's middleware", () => {
  const asks = (Service: string, ...tags: readonly string[]): Registration => ({
    ...{ Node: "app-2", Address: "10.20.0.12" },
    Service: { Service, Port: 24_400, Tags: ["enable=true", ...tags].map((tag) => `traefik.${tag}`) },
  });
  const WS = (name: string) => [
    `http.routers.${name}.rule=Host(\`chat.example\`) && PathPrefix(\`/ws/${name}\`)`,
    `http.routers.${name}.entrypoints=websecure`,
  ];

  test.each([
    ["a WebSocket that forgets it", asks("typing-ws", ...WS("typing-ws")), "typing-ws.middlewares=jwt@file"],
    [
      "a console that forgets it",
      asks("redis-admin", "http.routers.redis-admin.entrypoints=admin"),
      "redis-admin.middlewares=operators@file",
    ],
  ])("%s is refused, and served with the tag that it is told", async (_, registration, tag) => {
    const name = registration.Service?.Service ?? "";
    const refused = await playExample("messenger", [registration]);
    expect(refused.diagnosed).toContain(`MIDDLEWARE_REQUIRED ${name}`);
    expect(refused.routes).toEqual(routes);
    const told = refused.decision.diagnostics.find(({ code }) => code === "MIDDLEWARE_REQUIRED");
    expect(told?.remedy).toBe(`add the tag traefik.http.routers.${tag}`);
    const own = registration.Service?.Tags ?? [];
    const mended = {
      ...registration,
      Service: { ...registration.Service, Tags: [...own, `traefik.http.routers.${tag}`] },
    };
    expect(Object.keys((await playExample("messenger", [mended as Registration])).routes)).toContain(name);
  });

  /* Who may use a name of the site's own by kinship is refused by the demand, and a stranger for the use. */
  test.each(["envoy-admin", "messaging-ws", "notification-metrics", "envoy-admin@file", "messaging-ws@consulcatalog"])(
    "a service that names %s as its router's service gets nothing of it, with and without a policy, and is told",
    async (name) => {
      const thief = asks(
        "explorer",
        "http.routers.explorer.entrypoints=websecure",
        `http.routers.explorer.service=${name}`,
      );
      for (const policy of [undefined, "none"] as const) {
        const played = await playExample("messenger", [thief], policy);
        expect(played.routes["explorer"]).toBeUndefined();
        expect(played.diagnosed.some((one) => /^(USE_REFUSED|REFERENCE_UNKNOWN) explorer$/.test(one))).toBe(true);
        for (const [router, servers] of Object.entries(routes)) expect(played.routes[router]).toEqual(servers);
      }
    },
  );

  test("a route that the operator's own snippet has to a store is told", async () => {
    const folder = await mkdtemp(join(tmpdir(), "portolan-snippets-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(
      join(folder, "data.yml"),
      `http:
  routers: { cql: { rule: "Host(\`cql.chat.example\`)", service: cql } }
  services: { cql: { loadBalancer: { servers: [{ url: "http://10.20.0.21:9042" }] } } }
`,
    );
    const { diagnosed, decision } = await playExample("messenger", [], undefined, folder);
    expect(diagnosed).toContain("SNIPPET_PORT_WITHHELD ");
    const told = decision.diagnostics.find(({ code }) => code === "SNIPPET_PORT_WITHHELD");
    expect(told).toMatchObject({
      subject: { origin: join(folder, "data.yml") },
      message: expect.stringMatching(
        /^loadBalancer\.servers\.url of http\/services\/cql is 10\.20\.0\.21:9042, and port 9042 is/,
      ),
    });
  });
});

test("what only Prometheus should see is told to it alone", () => {
  expect(scraped).toEqual(["http://10.20.0.12:9090/metrics"]);
});

test("the authentication endpoint moves with its service, which needs no tag, and nothing of the site is static", async () => {
  const moved = await playExample("messenger", [
    { Node: "app-1", Address: "10.20.0.11", Service: { Service: "jwt", Port: 25_500 } },
    // The old instance has become unhealthy before it leaves.
    {
      ...{ Node: "app-2", Address: "10.20.0.12", Service: { Service: "jwt", Port: 24_100 } },
      Check: { Name: "jwt answers", Status: "critical", ServiceID: "jwt" },
    },
  ]);
  expect(moved.decision.chart["http/middlewares"].get("jwt")).toEqual({
    forwardAuth: { address: "http://10.20.0.11:25500/verify" },
  });
  expect(moved.legacy().entries).toEqual([]);
});

test("pods with addresses of their own on 8080 of one node are no conflict, and neither squats on Envoy's port", async () => {
  const pods = ["billing", "search"].map((Service, at) => ({
    ...{ Node: "app-1", Address: "10.20.0.11", Service: { Service, Port: 8080, Address: `10.244.1.${at + 5}` } },
  }));
  const { survey: found } = await playExample("messenger", pods);
  const { status, inside } = portStateAt(found, { port: 8080, protocol: "tcp", node: "app-1" });
  expect([status, holders(inside)]).toEqual(["Active", ["billing", "search"]]);
});
