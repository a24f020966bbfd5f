import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { coreSettings } from "../../../src/config/resolve/core-settings.ts";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import type { CoreSettings } from "../../../src/core/settings.ts";
import { catalogTargets } from "../../../src/core/targets/catalog-targets.ts";
import { ledger } from "../../builders/ledger.ts";
import { policyOf } from "../../builders/printed-policy.ts";
import { allSettings, instance, pass, settings } from "../../builders/world.ts";

const METRICS = "portolan.metrics=true";

function scraped(one: ServiceInstance, by: CoreSettings = settings(), others: readonly ServiceInstance[] = []) {
  const { targets, diagnostics } = catalogTargets([...others, one], by);
  return [...targets.map(({ address }) => address), ...diagnostics.map(({ message }) => message)];
}

function byPolicy(content: unknown): CoreSettings {
  return coreSettings({ ...allSettings(), loadedPolicy: policyOf(content) });
}

function byLedger(content: unknown): CoreSettings {
  return coreSettings({ ...allSettings(), loadedLedger: ledger(content) });
}

const withMetrics = (overrides: Partial<ServiceInstance> = {}) =>
  instance({ service: "app", id: "app-1", tags: [METRICS], ...overrides });

test("an instance is scraped at its own address, whatever its health and without a route", () => {
  const down = { checks: [{ id: "c", name: "c", status: "critical" }] };
  expect(scraped(withMetrics())).toEqual(["192.168.11.11:24001"]);
  expect(scraped(withMetrics(down))).toEqual(["192.168.11.11:24001"]);
  expect(scraped(withMetrics({ address: "192.168.11.77" }))).toEqual(["192.168.11.77:24001"]);
  expect(scraped(withMetrics({ address: "2001:db8::7" }))).toEqual(["[2001:db8::7]:24001"]);
  expect(scraped(withMetrics({ tags: ["portolan.metrics.port=24002"] }))).toEqual(["192.168.11.11:24002"]);
});

test("what is known of it goes with it", () => {
  const { targets } = catalogTargets([withMetrics({ namespace: "prod", catalogName: "dc1" })], settings());
  expect(targets[0]?.of).toEqual({
    service: "app",
    namespace: "prod",
    node: "node-1",
    datacenter: "dc1",
    catalog: "dc1",
  });
});

describe("addresses that no tenant may have scraped", () => {
  test.each([
    ["169.254.169.254", "link-local"],
    ["::ffff:169.254.169.254", "link-local"],
    ["fe80::1", "link-local"],
    ["metadata.google.internal", "metadata"],
    ["0xa9fea9fe", "read in several ways"],
    ["2852039166", "read in several ways"],
    ["rebind.example", "a name, and which address it will have is not known"],
    ["127.0.0.1", "Prometheus's own machine"],
    ["::1", "Prometheus's own machine"],
    ["::ffff:127.0.0.1", "Prometheus's own machine"],
    ["0.0.0.0", "Prometheus's own machine"],
    ["::", "Prometheus's own machine"],
    ["", "a name, and which"],
  ])("%j", (address, why) => {
    expect(scraped(withMetrics({ address, ...(address === "" && { nodeAddress: "" }) }))).toEqual([
      expect.stringContaining(why),
    ]);
  });

  test("loopback is scraped on a node that is registered at loopback, as on a trial machine", () => {
    expect(scraped(withMetrics({ nodeAddress: "127.0.0.1" }))).toEqual(["127.0.0.1:24001"]);
  });

  test("outside the networks of the policy; its rule may name others, and link-local never", () => {
    const by = byPolicy({
      networks: ["192.168.11.0/24"],
      rules: [{ service: "far", backends: ["10.0.0.0/8", "169.254.0.0/16"] }, { service: "app" }],
    });
    expect(scraped(withMetrics(), by)).toEqual(["192.168.11.11:24001"]);
    expect(scraped(withMetrics({ address: "192.168.12.1" }), by)).toEqual([
      expect.stringContaining("outside 192.168.11.0/24"),
    ]);
    expect(scraped(withMetrics({ service: "far", address: "10.0.0.1" }), by)).toEqual(["10.0.0.1:24001"]);
    expect(scraped(withMetrics({ nodeAddress: "127.0.0.1" }), by)).toEqual([
      expect.stringContaining("a loopback address"),
    ]);
    expect(scraped(withMetrics({ service: "far", address: "169.254.1.1" }), by)).toEqual([
      expect.stringContaining("link-local"),
    ]);
    expect(scraped(withMetrics({ service: "unknown" }), by)).toEqual([
      expect.stringContaining("no rule of the policy is about this service"),
    ]);
  });
});

describe("ports that a tenant may have scraped", () => {
  const by = byLedger({
    nodes: { "node-1": "192.168.11.11", "node-2": "192.168.11.12" },
    ports: [
      { ports: 9100, owner: "app", exposure: "internal", purpose: "exporter" },
      { ports: 9090, owner: "prometheus", exposure: "internal", nodes: ["node-1"], purpose: "itself" },
      { ports: 24_500, owner: "stats", exposure: "internal", nodes: ["node-1"], purpose: "stats" },
      { ports: "24700-24709", owner: "app", exposure: "never", nodes: ["node-2"], purpose: "stores" },
    ],
  });
  const at = (port: number, more: Partial<ServiceInstance> = {}) =>
    scraped(withMetrics({ tags: [`portolan.metrics.port=${port}`], ...more }), by);

  test("dynamic ones, and those that the ledger declares for the service, internal ones too", () => {
    expect(at(24_100)).toEqual(["192.168.11.11:24100"]);
    expect(at(9100)).toEqual(["192.168.11.11:9100"]);
    expect(scraped(withMetrics({ port: 9100 }), by)).toEqual(["192.168.11.11:9100"]);
  });

  test.each([
    [8500, "port 8500 is outside the dynamic range 20000-32000, and not declared for this service"],
    [9090, "port 9090 is declared for prometheus (ledger.yml: ports.1, 9090: itself)"],
    [24_500, "port 24500 is declared for stats"],
  ])("not %d", (port, why) => {
    expect(at(port)).toEqual([expect.stringContaining(why)]);
    expect(scraped(withMetrics({ port }), by)).toEqual([expect.stringContaining(why)]);
  });

  test("never what is withheld on the node, on the node whose address is claimed, or at an address of no known node", () => {
    const withheld = [expect.stringContaining("port 24701 is declared never to be exposed (ledger.yml: ports.3")];
    expect(at(24_701, { node: "node-2", nodeAddress: "192.168.11.12" })).toEqual(withheld);
    expect(at(24_701, { address: "192.168.11.12" })).toEqual(withheld);
    expect(at(24_701, { address: "::ffff:192.168.11.12" })).toEqual(withheld);
    expect(at(24_701, { address: "10.9.9.9" })).toEqual(withheld);
    expect(at(24_701)).toEqual(["192.168.11.11:24701"]);
  });

  test("nor what is declared for others on the node whose address is claimed, or at an address of no known node", () => {
    const away = { node: "node-2", nodeAddress: "192.168.11.12" };
    for (const address of ["192.168.11.11", "::ffff:192.168.11.11", "10.9.9.9"]) {
      expect(at(24_500, { ...away, address })).toEqual([
        expect.stringContaining("port 24500 is declared for stats (ledger.yml: ports.2"),
      ]);
    }
    expect(at(24_500, away)).toEqual(["192.168.11.12:24500"]);
  });

  test("an entry for the service counts on its own node and the claimed one, and at a pod's address", () => {
    const both = byLedger({
      nodes: { "node-1": "192.168.11.11", "node-2": "192.168.11.12" },
      ports: [
        { ports: 8080, owner: "app", exposure: "internal", nodes: ["node-1"], purpose: "own" },
        { ports: 8080, owner: "vault", exposure: "internal", nodes: ["node-2"], purpose: "secrets" },
      ],
    });
    const own = withMetrics({ port: 8080 });
    expect(scraped(own, both)).toEqual(["192.168.11.11:8080"]);
    expect(scraped({ ...own, address: "172.26.64.5" }, both)).toEqual(["172.26.64.5:8080"]);
    for (const address of ["192.168.11.12", "::ffff:192.168.11.12"]) {
      expect(scraped({ ...own, address }, both)).toEqual([
        expect.stringContaining("port 8080 is declared for vault (ledger.yml: ports.1"),
      ]);
    }
  });

  test("the line that a refusal prints opens the port", () => {
    const { diagnostics } = catalogTargets([withMetrics({ port: 9999 })], by);
    const [, line = ""] = /declare it in ledger\.yml: (ports: .*)$/.exec(diagnostics[0]?.remedy ?? "") ?? [];
    expect(scraped(withMetrics({ port: 9999 }), byLedger(load(line)))).toEqual(["192.168.11.11:9999"]);
  });

  test("none where another service is registered, unless both are of one service or allocation", () => {
    const other = instance({ service: "shop", id: "shop-1", port: 24_100 });
    const named = withMetrics({ tags: ["portolan.metrics.port=24100"] });
    expect(scraped(named, by, [other])).toEqual([
      expect.stringContaining('port 24100 is registered by another service there: "shop"'),
    ]);
    expect(scraped(named, by, [{ ...other, nodeAddress: "192.168.11.99" }])).toEqual(["192.168.11.11:24100"]);
    expect(scraped(named, by, [{ ...other, service: "app" }])).toEqual(["192.168.11.11:24100"]);
    const id = (label: string) => `_nomad-task-4f1c2d3e-aaaa-bbbb-cccc-000000000001-group-app-${label}`;
    const ofTask = { ...other, id: id("shop-http") };
    expect(scraped({ ...named, id: id("app-metrics") }, by, [ofTask])).toEqual(["192.168.11.11:24100"]);
    // The port that it is registered with is its own, as for a route.
    expect(scraped(withMetrics({ port: 24_100 }), by, [other])).toEqual(["192.168.11.11:24100"]);
  });
});

test("a wrong tag costs the metrics and no route", () => {
  const decision = pass([instance({ tags: ["traefik.enable=true", "portolan.metrics.port=none"] })]);
  expect([...decision.chart["http/routers"].keys()]).toEqual(["web"]);
  expect(decision.diagnostics.map(({ code, severity }) => [code, severity])).toEqual([["METRICS_REFUSED", "warning"]]);
});
