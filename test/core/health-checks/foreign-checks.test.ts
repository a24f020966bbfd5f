import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { healthCheckOf } from "../../../src/core/traefik/connections/health-check.ts";
import { instance, pass, settings } from "../../builders/world.ts";

const CHECK = "traefik.http.services.web.loadbalancer.healthcheck";
const ALLOCATION = "_nomad-task-fbb188e0-b912-4810-8679-050dd4225c09-group-g-";

/** The service `web`, whose health check asks port 24500. */
function checking(more: Partial<ServiceInstance> = {}, ...tags: readonly string[]): ServiceInstance {
  return instance({ tags: ["traefik.enable=true", `${CHECK}.path=/health`, `${CHECK}.port=24500`, ...tags], ...more });
}

/** Another service, registered at the port that is asked. */
function holder(more: Partial<ServiceInstance> = {}): ServiceInstance {
  return instance({ service: "bank", id: "bank-1", port: 24_500, createIndex: 20, ...more });
}

function judged(instances: readonly ServiceInstance[], checkedHostRegistrations?: readonly ServiceInstance[]) {
  const decision = pass(instances, checkedHostRegistrations && { checkedHostRegistrations });
  const { chart, diagnostics, memory } = decision;
  const web = chart["http/services"].get("web");
  return {
    isChecked: web !== undefined && healthCheckOf(web) !== undefined,
    codes: diagnostics.map(({ code, subject }) => `${code} ${subject.service}`),
    places: memory.healthChecks.places,
    decision,
  };
}

describe("a health check asks a port that its instance is not registered with", () => {
  test("that no service is registered with: it is sent, and the machine is looked at again and again", () => {
    expect(judged([checking()])).toMatchObject({ isChecked: true, codes: [], places: ["192.168.11.11:24500"] });
  });

  test.each([
    ["before it", 5],
    ["after it", 20],
  ])("that another service is registered with, %s: it is left out, and its owner is told", (_when, createIndex) => {
    const services = [checking(), holder({ createIndex })];
    for (const order of [services, services.toReversed()]) {
      const { isChecked, codes, decision } = judged(order);
      expect({ isChecked, codes }).toEqual({ isChecked: false, codes: ["HEALTH_CHECK_REFUSED web"] });
      expect([...decision.chart["http/routers"].keys()].toSorted((a, b) => (a < b ? -1 : 1))).toEqual(["bank", "web"]);
      expect(decision.diagnostics[0]?.message).toContain(
        'asks 192.168.11.11:24500, where another service is registered: "bank"',
      );
    }
  });

  test.each<[string, ServiceInstance, boolean]>([
    ["an unhealthy one", holder({ checks: [{ id: "c", name: "c", status: "critical" }] }), false],
    ["one that asks for no route", holder({ tags: [] }), false],
    ["one on another machine", holder({ node: "node-2", nodeAddress: "192.168.11.12" }), true],
    ["one of UDP", holder({ tags: ["traefik.enable=true", "traefik.udp.routers.bank.entrypoints=dns"] }), true],
    ["one at the same address on another node", holder({ node: "node-2" }), false],
    [
      "one that claims its address from another node",
      holder({ node: "node-2", nodeAddress: "192.168.11.12", address: "192.168.11.11" }),
      true,
    ],
    ["the service itself", holder({ service: "web", id: "web-admin", tags: [] }), true],
  ])("that %s is registered with", (_who, other, isChecked) => {
    expect(judged([checking(), other]).isChecked).toBe(isChecked);
  });

  test("at an address that it claims from another node: whoever is registered there is not asked", () => {
    const elsewhere = { node: "node-2", nodeAddress: "192.168.11.12" };
    expect(judged([checking({ ...elsewhere, address: "192.168.11.11" }), holder()]).isChecked).toBe(false);
    const inside = holder({ address: "172.26.64.5" });
    expect(judged([checking({ ...elsewhere, address: "172.26.64.5" }), inside]).isChecked).toBe(false);
  });

  test("that a service without routes is registered with, as read beside the watch", () => {
    const read = [checking(), holder({ tags: [] })];
    expect(judged([checking()], read)).toMatchObject({ isChecked: false, codes: ["HEALTH_CHECK_REFUSED web"] });
    expect(judged([checking()], [checking()])).toMatchObject({ isChecked: true, codes: [] });
  });

  test("that a service of its own allocation is registered with", () => {
    const own = checking({ id: `${ALLOCATION}web-http` });
    const sidecar = holder({ id: `${ALLOCATION}web-metrics` });
    expect(judged([own, sidecar])).toMatchObject({ isChecked: true, places: [] });
    const copied = holder({ id: `${ALLOCATION}web-metrics`, node: "node-2" });
    expect(judged([own, copied]).isChecked).toBe(false);
  });

  test("by server.port instead, while it names no port of its own", () => {
    const tags = ["traefik.enable=true", `${CHECK}.path=/`, "traefik.http.services.web.loadbalancer.server.port=24500"];
    expect(judged([instance({ tags }), holder()])).toMatchObject({ isChecked: false });
    expect(judged([instance({ tags })])).toMatchObject({ isChecked: true });
  });

  test("on one of its machines alone: none of its servers is checked, since they have one check", () => {
    const others = [
      checking({ id: "web-2", node: "node-2", nodeAddress: "192.168.11.12" }),
      checking({ id: "web-3", node: "node-3", nodeAddress: "192.168.11.13" }),
    ];
    const { isChecked, codes, decision } = judged([...others, checking(), holder()]);
    expect({ isChecked, codes }).toEqual({ isChecked: false, codes: ["HEALTH_CHECK_REFUSED web"] });
    expect(JSON.stringify(decision.chart["http/services"].get("web"))).toContain("192.168.11.13:24001");
  });
});

describe("a service has one check for the servers of all its instances", () => {
  const plain = "traefik.http.services.web.loadbalancer.server";
  test.each<[string, readonly string[]]>([
    ["is at another address", [`${plain}.url=http://192.168.11.99:24001`]],
    ["is a name", [`${plain}.url=http://consul.service.consul:24001`]],
  ])("none of them is checked where that of an instance which does not ask for it %s", (_where, tags) => {
    const older = instance({ id: "web-0", createIndex: 1, tags: ["traefik.enable=true", ...tags] });
    const newer = instance({ tags: ["traefik.enable=true", `${CHECK}.path=/`], port: 24_003 });
    const { chart, diagnostics } = pass([older, newer]);
    const web = chart["http/services"].get("web") ?? {};
    expect(JSON.stringify(web)).toContain("24003");
    expect(healthCheckOf(web)).toBeUndefined();
    expect(diagnostics).toContainEqual(expect.objectContaining({ code: "HEALTH_CHECK_REFUSED" }));
  });
});

test("TCP checks are judged alike", () => {
  const tags = [
    ...["traefik.enable=true", "traefik.tcp.routers.web.rule=HostSNI(`web`)", "traefik.tcp.routers.web.tls=true"],
    "traefik.tcp.services.web.loadbalancer.healthcheck.port=24500",
  ];
  const checkOf = (instances: readonly ServiceInstance[]) =>
    healthCheckOf(pass(instances).chart["tcp/services"].get("web") ?? {});
  expect(checkOf([instance({ tags })])).toEqual({ port: 24_500 });
  expect(checkOf([instance({ tags }), holder()])).toBeUndefined();
});

test("the check comes back when the other service has gone, and a pass that changes nothing writes nothing", () => {
  const first = judged([checking(), holder()]).decision;
  const same = pass([checking(), holder()], { previous: first.memory });
  expect({ text: same.text, changes: same.changes }).toEqual({ text: first.text, changes: [] });
  const without = pass([checking()], { previous: same.memory });
  expect(healthCheckOf(without.chart["http/services"].get("web") ?? {})).toBeDefined();
});

test("a held server is not checked either where another service has the port by now", () => {
  const guarded = settings({ guard: { removalCount: 0, removalShare: 0, confirmAfter: "1h" } });
  const before = pass([checking()], { settings: guarded });
  const held = pass([holder()], { settings: guarded, previous: before.memory });
  expect(held.memory.removals.holds).toHaveLength(1);
  const web = held.chart["http/services"].get("web") ?? {};
  expect(JSON.stringify(web)).toContain("192.168.11.11:24001");
  expect(healthCheckOf(web)).toBeUndefined();
});

test("with compat: traefik every check is sent", () => {
  const compat = settings({ compat: "traefik" });
  const { chart } = pass([checking(), holder()], { settings: compat });
  expect(healthCheckOf(chart["http/services"].get("web") ?? {})).toEqual({ path: "/health", port: 24_500 });
});
