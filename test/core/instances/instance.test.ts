import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { translateInstance } from "../../../src/core/instances/instance.ts";
import { instance, settings } from "../../builders/world.ts";

const stateOf = (...asked: Parameters<typeof translateInstance>) => translateInstance(...asked).state;

function translate(tags: readonly string[], overrides: Partial<ServiceInstance> = {}, content = {}) {
  return stateOf(instance({ tags: ["traefik.enable=true", ...tags], ...overrides }), settings(content));
}

function codes(tags: readonly string[], overrides: Partial<ServiceInstance> = {}): readonly string[] {
  const state = translate(tags, overrides);
  if (state.kind !== "refused") throw new Error(`${state.kind}, not refused`);
  return state.diagnostics.map(({ code }) => code);
}

function urls(tags: readonly string[], overrides: Partial<ServiceInstance> = {}): readonly unknown[] {
  const state = translate(tags, overrides);
  if (state.kind !== "routed") throw new Error(`${state.kind}, not routed`);
  return [...state.fragment.config["http/services"].values()].map((service) => service["loadBalancer"]);
}

const SERVER = "traefik.http.services.web.loadbalancer.server";

describe("the server of a service", () => {
  test.each<[string, string[], Partial<ServiceInstance>, string]>([
    ["the node's address", [], {}, "http://192.168.11.11:24001"],
    ["its own address first", [], { address: "10.1.1.1" }, "http://10.1.1.1:24001"],
    ["IPv6 in brackets", [], { address: "fd00::1" }, "http://[fd00::1]:24001"],
    ["IPv6 that is registered in brackets", [], { address: "[fd00::1]" }, "http://[fd00::1]:24001"],
    ["a host name", [], { address: "web.node.consul" }, "http://web.node.consul:24001"],
    ["a tagged port", [`${SERVER}.port=25000`], {}, "http://192.168.11.11:25000"],
    ["a tagged scheme", [`${SERVER}.scheme=https`], {}, "https://192.168.11.11:24001"],
    [
      "empty tags are unset",
      [`${SERVER}.port=`, `${SERVER}.scheme=`, `${SERVER}.url=`],
      {},
      "http://192.168.11.11:24001",
    ],
    ["a tagged URL as written", [`${SERVER}.url=h2c://x.lab:25000/p`], {}, "h2c://x.lab:25000/p"],
  ])("%s", (_, tags, overrides, url) => {
    expect(urls(tags, overrides)).toEqual([{ servers: [{ url }] }]);
  });

  test.each<[string, string[], Partial<ServiceInstance>, string]>([
    ["no address at all", [], { nodeAddress: "" }, "INSTANCE_NO_ADDRESS"],
    [
      "no address, although a URL is tagged",
      [`${SERVER}.url=http://x:25000`],
      { nodeAddress: "" },
      "INSTANCE_NO_ADDRESS",
    ],
    ["a URL beside a port", [`${SERVER}.url=http://x:25000`, `${SERVER}.port=25000`], {}, "TAG_BAD_VALUE"],
    ["a URL beside a scheme", [`${SERVER}.url=http://x:25000`, `${SERVER}.scheme=http`], {}, "TAG_BAD_VALUE"],
    ["an unknown scheme", [`${SERVER}.scheme=ftp`], {}, "TAG_BAD_VALUE"],
    ["a port that is no number", [`${SERVER}.port=http`], {}, "TAG_BAD_VALUE"],
    ["a port beyond 65535", [`${SERVER}.port=70000`], {}, "TAG_BAD_VALUE"],
    ["an address with a path in it", [], { address: "10.1.1.1/evil" }, "PORT_OUTSIDE_WINDOW"],
    ["an address with a port and a path in it", [], { address: "10.1.1.1:24001/evil" }, "TAG_BAD_VALUE"],
    ["a port outside of the window", [`${SERVER}.port=8500`], {}, "PORT_OUTSIDE_WINDOW"],
    ["a URL without a port is its scheme's", [`${SERVER}.url=http://x`], {}, "PORT_OUTSIDE_WINDOW"],
    ["no port registered", [], { port: 0 }, "INSTANCE_NO_PORT"],
  ])("is refused: %s", (_, tags, overrides, code) => {
    expect(codes(tags, overrides)).toEqual([code]);
  });
});

describe("exposure comes before health, and health before the tags", () => {
  const broken = "traefik.http.routers.web.priority=high";
  const critical = { checks: [{ id: "c", name: "c", status: "critical" }] };

  test("an instance that is not exposed is not judged, and may be told that it is not", () => {
    const off = "traefik.enable=false";
    expect(stateOf(instance({ tags: [broken, off], ...critical }), settings())).toEqual({ kind: "hidden", why: "off" });
    const state = stateOf(instance({ tags: [broken], ...critical }), settings());
    expect(state).toMatchObject({ kind: "hidden", diagnostics: [{ code: "SERVICE_NOT_ENABLED", severity: "info" }] });
  });

  test("an unhealthy instance's tags are not judged", () => {
    expect(translate([broken], critical)).toMatchObject({ kind: "unhealthy", health: { status: "critical" } });
  });

  test("an instance's own tag beats the default in both directions", () => {
    const exposed = { traefik: { exposedByDefault: true } };
    expect(stateOf(instance({ tags: [] }), settings(exposed)).kind).toBe("routed");
    expect(stateOf(instance({ tags: ["traefik.enable=false"] }), settings(exposed)).kind).toBe("hidden");
  });
});

describe("routers", () => {
  test.each<[string, string[], Record<string, string>]>([
    ["without a router tag there is one under the service's name", [], { web: "Host(`web`) → web" }],
    [
      "a router without a rule gets the default rule",
      ["traefik.http.routers.r.priority=1"],
      { r: "Host(`web`) → web" },
    ],
    ["an empty rule counts as none", ["traefik.http.routers.r.rule="], { r: "Host(`web`) → web" }],
    [
      "a router serves the only tagged service",
      [`${SERVER.replace("web", "s")}.port=24005`],
      { web: "Host(`web`) → s" },
    ],
    ["a named service is left as it is", ["traefik.http.routers.r.service=x@file"], { r: "Host(`web`) → x@file" }],
    [
      "middleware tags alone leave the default router",
      ["traefik.http.middlewares.m.stripprefix.prefixes=/x"],
      { web: "Host(`web`) → web" },
    ],
  ])("%s", (_, tags, expected) => {
    const state = translate(tags);
    if (state.kind !== "routed") throw new Error(state.kind);
    const routers = [...state.fragment.config["http/routers"]].map(([name, { rule, service }]) => [
      name,
      `${rule} → ${service}`,
    ]);
    expect(Object.fromEntries(routers)).toEqual(expected);
  });

  test("a router that cannot be linked costs itself and not its instance", () => {
    const two = ["a", "b"].map((name) => `${SERVER.replace("web", name)}.port=24005`);
    const state = translate([...two, "traefik.http.routers.lost.rule=Path(`/`)"]);
    expect(state).toMatchObject({ kind: "routed", diagnostics: [{ code: "ROUTER_AMBIGUOUS_SERVICE" }] });
  });
});

test("every problem of an instance is told at once, with its subject and the tag to blame", () => {
  const state = translate(["traefik.http.routers.r.priority=high", "traefik.http.routers.r.rul=x"]);
  expect(state).toMatchObject({
    kind: "refused",
    diagnostics: [
      { subject: { service: "web", instance: "web-1", node: "node-1", tag: "traefik.http.routers.r.priority=high" } },
      { subject: { tag: "traefik.http.routers.r.rul=***" }, remedy: 'write "rule" instead of "rul"' },
    ],
  });
});

test("a middleware of no type, which Traefik would disable with its routers, costs that middleware", () => {
  const state = translate(["traefik.http.middlewares.m=whatever"]);
  if (state.kind !== "routed") throw new Error(`${state.kind}, not routed`);
  expect(state.diagnostics.map(({ code }) => code)).toEqual(["TYPE_MISSING"]);
  expect([...state.fragment.config["http/middlewares"]]).toEqual([]);
});
