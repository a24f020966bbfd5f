import { expect, test } from "vitest";
import { unusedIn, withoutUnused } from "../../../src/core/render/without-unused.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  newConfig,
  type ResourceKey,
  type Section,
} from "../../../src/core/traefik/chart/dynamic-config.ts";
import { chart, router, served } from "../../builders/chart.ts";

function leftBy(config: DynamicConfig, section: Section, operatorNames: readonly ResourceKey[] = []): string[] {
  const origins = new Map(operatorNames.map((key) => [key, "a.yml"] as const));
  return [...withoutUnused(unusedIn(config, origins, undefined), undefined)[section].keys()].sort();
}

const ALONE = served("http://192.168.11.11:24009");

test.each<[string, ConfigObject, string[]]>([
  ["weighted", { weighted: { services: [{ name: "a", weight: 1 }, { name: "b" }] } }, ["a", "app", "b"]],
  ["mirrored", { mirroring: { service: "a", mirrors: [{ name: "b", percent: 10 }] } }, ["a", "app", "b"]],
  ["failing over", { failover: { service: "a", fallback: "b@file" } }, ["a", "app", "b"]],
  ["of another provider", { failover: { service: "a", fallback: "b@docker" } }, ["a", "app"]],
  ["that loops", { weighted: { services: [{ name: "app" }, { name: "c" }] } }, ["app", "c"]],
])("a service %s leads to others", (_, app, expected) => {
  const services = { app, a: ALONE, b: ALONE, c: { failover: { service: "c", fallback: "app" } }, d: ALONE };
  expect(leftBy(chart({ routers: { app: router("app") }, services }), "http/services")).toEqual(expected);
});

test("a chain leads to middlewares, and error pages to a service", () => {
  const config = chart({
    routers: { app: router("app", ["outer@file", "absent@docker"]) },
    services: { app: ALONE, pages: ALONE, other: ALONE },
    middlewares: {
      outer: { chain: { middlewares: ["pages", "inner"] } },
      inner: { compress: {} },
      pages: { errors: { status: ["500"], service: "pages", query: "/" } },
      unused: { chain: { middlewares: ["inner", "gone"] } },
      gone: { compress: {} },
    },
  });
  expect(leftBy(config, "http/middlewares")).toEqual(["inner", "outer", "pages"]);
  expect(leftBy(config, "http/services")).toEqual(["app", "pages"]);
  const withOperator = leftBy(config, "http/middlewares", ["http/middlewares/unused"]);
  expect(withOperator, "what the operator defines stays, with all that it refers to").toEqual([
    "gone",
    "inner",
    "outer",
    "pages",
    "unused",
  ]);
});

test("TCP and UDP count for themselves, and transports and TLS options stay", () => {
  const server = { loadBalancer: { servers: [{ address: "192.168.11.11:24001" }] } };
  const config: DynamicConfig = {
    ...newConfig(),
    "tcp/routers": new Map([["db", { rule: "HostSNI(`*`)", service: "db", middlewares: ["few"] }]]),
    "tcp/services": new Map([
      ["db", server],
      ["dns", server],
    ]),
    "tcp/middlewares": new Map([
      ["few", { inFlightConn: { amount: 1 } }],
      ["many", { inFlightConn: { amount: 9 } }],
    ]),
    "udp/routers": new Map([["dns", { service: "dns" }]]),
    "udp/services": new Map([
      ["db", server],
      ["dns", server],
    ]),
    "http/serversTransports": new Map([["ours", { serverName: "a" }]]),
    "tls/options": new Map([["modern", { minVersion: "VersionTLS13" }]]),
  };
  const left = withoutUnused(unusedIn(config, new Map(), undefined), undefined);
  const names = Object.entries(left).map(([section, objects]) => [section, [...objects.keys()]]);
  expect(Object.fromEntries(names.filter(([, left]) => (left?.length ?? 0) > 0))).toEqual({
    "tcp/routers": ["db"],
    "tcp/services": ["db"],
    "tcp/middlewares": ["few"],
    "udp/routers": ["dns"],
    "udp/services": ["dns"],
    "http/serversTransports": ["ours"],
    "tls/options": ["modern"],
  });
});

test("a section that comes out as it was is the very map of before, or the given one where all of it is used", () => {
  const config = chart({ routers: { app: router("app") }, services: { app: ALONE, other: ALONE } });
  const all = unusedIn(config, new Map(), undefined);
  const before = withoutUnused(all, undefined);
  expect(before["http/routers"]).toBe(config["http/routers"]);
  const again = { ...config, "http/services": new Map([...config["http/services"], ["third", ALONE]]) };
  expect(withoutUnused(unusedIn(again, all.operatorNames, all), before)["http/services"]).toBe(before["http/services"]);
  expect(withoutUnused(unusedIn(before, new Map(), undefined), undefined)["http/services"]).toBe(
    before["http/services"],
  );
});
