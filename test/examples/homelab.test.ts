import { expect, test } from "vitest";
import { firewallRules } from "../../src/core/ports/firewall/firewall-rules.ts";
import { answerQuestion } from "../../src/core/ports/inventory/asking/answer.ts";
import { portTable } from "../../src/core/ports/inventory/port-table.ts";
import { formatRange } from "../../src/core/ports/port-range.ts";
import { portStateAt } from "../../src/core/ports/survey.ts";
import { playExample } from "./site.ts";

const { decision, survey, range, routes, scraped, diagnosed, legacy } = await playExample("homelab");

test("what Nomad put on dynamic ports is routed, and machines that never register by the operator's file", () => {
  expect(routes).toEqual({
    windmill: ["http://192.168.11.21:24563"],
    orders: ["http://192.168.11.22:25677"],
    "orders-grpc": ["h2c://192.168.11.22:26788"],
    jellyfin: ["http://192.168.30.21:24800"],
    nas: ["http://192.168.30.6:5000"],
    backup: ["http://192.168.30.200:8080"],
  });
  expect(decision.chart["http/routers"].get("windmill")?.["rule"]).toBe("Host(`windmill.lab.local`)");
});

test("Nomad reports which ports are dynamic, and no file lists them", () => {
  expect(range).toEqual({
    ports: { first: 20_000, last: 32_000 },
    origin: expect.stringMatching(/^from Nomad at http:\/\/127\.0\.0\.1:\d+, 1 client$/),
  });
});

test("static, infrastructure and high ports are refused, each with its reason", () => {
  expect(diagnosed.filter((one) => one.startsWith("PORT_"))).toEqual([
    "PORT_OUTSIDE_WINDOW consul-ui",
    "PORT_OUTSIDE_WINDOW early-proxy",
    "PORT_OUTSIDE_WINDOW handmade",
    "PORT_WITHHELD powerdns-api",
  ]);
  const messages = decision.diagnostics.map(({ message }) => message).join("\n");
  expect(messages).toContain("port 8500 is an infrastructure port");
  expect(messages).toContain("port 40000 is a high port");
  expect(messages).toContain("port 443 is a system port");
  expect(messages).toContain("port 8081 is declared internal (ledger.yml: ports.8");
});

test("backends stay in the service network, and those of the other cluster in its own", () => {
  expect(diagnosed.filter((one) => one.startsWith("BACKEND_"))).toEqual([
    "BACKEND_REFUSED detour",
    "BACKEND_REFUSED gluster-page",
    "BACKEND_REFUSED node-page",
  ]);
  const messages = decision.diagnostics.map(({ message }) => message).join("\n");
  for (const address of ["192.168.10.21", "192.168.12.22"]) {
    expect(messages).toContain(`"${address}", outside 192.168.11.0/24`);
  }
});

test("pages are below lab.local, and metrics and health are no pages", () => {
  expect(diagnosed.filter((one) => one.startsWith("POLICY_"))).toEqual([
    "POLICY_REFUSED blog",
    "POLICY_REFUSED windmill-health",
    "POLICY_REFUSED windmill-metrics",
  ]);
  const blog = decision.diagnostics.find(({ subject }) => subject.service === "blog");
  expect(blog?.message).toBe(
    'http/routers/blog can match the host "blog.example.org", allowed: *.lab.local, by rules.3 of the policy',
  );
});

test("whether a service needs a specific port is answered from the live catalog", () => {
  const ask = (port: number, protocol: "tcp" | "udp", node: string, service?: string) => {
    const asking = service === undefined ? {} : { asking: { service, namespace: "" } };
    const question = { ports: { first: port, last: port }, protocols: [protocol], node, ...asking };
    const { verdict, freeNodes } = answerQuestion(survey, question);
    return { verdict, freeNodes };
  };
  const others = ["lb-1", "lb-2", "node-1", "node-2", "og-1"];
  expect(ask(53, "udp", "dns-1")).toEqual({ verdict: "taken", freeNodes: others });
  expect(ask(53, "udp", "node-1")).toMatchObject({ verdict: "free" });
  expect(ask(443, "tcp", "lb-1")).toEqual({ verdict: "balancer", freeNodes: [] });
  expect(ask(443, "tcp", "node-1")).toEqual({ verdict: "balancer", freeNodes: [] });
  expect(ask(443, "tcp", "lb-1", "traefik")).toEqual({ verdict: "free", freeNodes: ["lb-2"] });
  expect(ask(24_563, "tcp", "node-1")).toMatchObject({ verdict: "taken" });
  expect(ask(8500, "tcp", "node-2")).toMatchObject({ verdict: "declared", freeNodes: [] });
});

test("the four ports of one task are independent, and none of them was planned", () => {
  for (const port of [25_677, 26_788, 27_899, 28_900]) {
    expect(portStateAt(survey, { port, protocol: "tcp", node: "node-2" }).status).toBe("Scheduled");
  }
});

test("of the four ports of one task Prometheus is told of the one with metrics, which no route leads to", () => {
  expect(scraped).toEqual(["http://192.168.11.22:27899/metrics"]);
  expect(Object.values(routes).flat().join(" ")).not.toMatch(/:(?:27899|28900)/);
});

test("the firewall opens 80 and 443 on the load balancer's nodes alone, and Docker's API nowhere", () => {
  const rules = firewallRules(survey.ledger, survey.dynamic);
  const of = (port: string) => rules.filter(({ ports }) => formatRange(ports) === port);
  for (const port of ["80", "443"]) {
    expect(of(port)).toMatchObject([{ action: "accept", nodes: ["lb-1", "lb-2"], from: { kind: "anywhere" } }]);
  }
  expect(of("2375-2376")).toEqual([]);
  expect(of("53")).toMatchObject([{ nodes: ["dns-1"], protocols: ["tcp", "udp"], from: { kind: "networks" } }]);
  expect(rules.at(-1)).toMatchObject({ ports: { first: 20_000, last: 32_000 }, protocols: ["tcp", "udp"] });
  expect(rules.map(({ ports }) => formatRange(ports))).toEqual(
    expect.arrayContaining(["22", "4646", "4647", "4648", "8081", "8300", "8301-8302", "8500", "8600", "19999"]),
  );
});

test("what is left to migrate: both machines of the file, each with the command that registers it where the policy lets it in", () => {
  const { says, entries } = legacy();
  expect(says).toBe("2 static entries: 2 have not begun");
  expect(entries.map(({ key, file }) => `${key} ${file.replace(/.*\//, "")}`)).toEqual([
    "http/services/nas legacy.yml",
    "http/services/backup legacy.yml",
  ]);
  for (const { next } of entries) {
    const lines = next.flatMap((step) => step.lines);
    expect(lines.at(-1)).toMatch(/^consul services register -http-addr=http:\/\/192\.168\.30\.11:8500 \w+\.json$/);
    // Their ports are no dynamic ones, so that the ledger has to declare them first.
    expect(next.map((step) => step.says).join(" ")).toMatch(
      /PORT_OUTSIDE_WINDOW.*declare it in \S*ledger\.yml: ports: /,
    );
  }
});

test("the machines of the file are in the table of ports, and nothing of them is undeclared by a service", () => {
  const statics = portTable(survey).filter(({ status }) => status === "Static");
  expect(statics.map(({ ports, node, statics: names }) => `${formatRange(ports)} ${node} ${names?.join(",")}`)).toEqual(
    ["5000 192.168.30.6 http/services/nas", "8080 192.168.30.200 http/services/backup"],
  );
});

test("a server that is a Nomad client, too, registers both at the ports that the ledger gives both", async () => {
  const both = ["nomad", "nomad-client"].map((Service) => ({
    ...{ Node: "node-1", Address: "192.168.11.21", Service: { Service, ID: Service, Port: 4646 } },
  }));
  const { survey: found } = await playExample("homelab", both);
  const { status, registrations } = portStateAt(found, { port: 4646, protocol: "tcp", node: "node-1" });
  expect([status, registrations.length]).toEqual(["Active", 2]);
});
