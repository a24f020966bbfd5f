import { describe, expect, test } from "vitest";
import type { ConfigObject } from "../../../src/core/traefik/chart/dynamic-config.ts";
import { differingField } from "../../../src/core/traefik-result/same-definition.ts";

const ROUTER = { rule: "Host(`a.example.org`)", service: "a" };

describe("what Traefik lists is what was charted", () => {
  test.each<[string, ConfigObject, ConfigObject]>([
    ["with the defaults filled in", {}, { priority: 21, entryPoints: ["web"] }],
    ["with a reference looked up", { middlewares: ["m"] }, { middlewares: ["m@file"] }],
    ["with a reference written out", { service: "a@file" }, {}],
    ["with the middlewares of its entry point", { middlewares: ["m"] }, { middlewares: ["x@file", "m"] }],
    ["at one of its entry points", { entryPoints: ["web", "websecure"] }, { entryPoints: ["web"] }],
    ["with what says nothing left out", { priority: 0, entryPoints: [] }, {}],
    ["with a number as one", { priority: "100" }, { priority: 100 }],
    ["with a priority beyond 2^53", { priority: "9223372036854774000" }, { priority: "9223372036854774000" }],
  ])("%s", (_what, charted, found) => {
    expect(differingField("http/routers", { ...ROUTER, ...charted }, { ...ROUTER, ...found })).toBeUndefined();
  });

  test.each([
    ["90s", "1m30s"],
    ["10", "10s"],
    ["1500ms", "1.5s"],
    ["T", true],
    ["0", false],
    ["1e3", 1000],
  ])("the value %j as %j", (charted, found) => {
    const object = (value: string | number | boolean) => ({ retry: { value } });
    expect(differingField("http/middlewares", object(charted), object(found))).toBeUndefined();
  });
});

describe("what Traefik lists is another one", () => {
  test.each<[string, ConfigObject, ConfigObject, string]>([
    ["with another rule", {}, { rule: "Host(`b.example.org`)" }, "rule"],
    ["to another service", {}, { service: "b" }, "service"],
    ["to that of another provider", {}, { service: "a@docker" }, "service"],
    ["without its middleware", { middlewares: ["auth"] }, {}, "middlewares"],
    ["with another middleware", { middlewares: ["auth"] }, { middlewares: ["x"] }, "middlewares"],
    ["at another entry point", { entryPoints: ["web"] }, { entryPoints: ["x"] }, "entryPoints"],
    ["without TLS", { tls: { certResolver: "le" } }, {}, "tls"],
  ])("a router %s", (_what, charted, found, field) => {
    const differing = differingField("http/routers", { ...ROUTER, ...charted }, { ...ROUTER, ...found });
    expect(differing?.join(".")).toBe(field);
  });

  const [one, two] = [{ url: "http://10.0.0.1:24001" }, { url: "http://10.0.0.2:24002" }];
  const SERVICE = { loadBalancer: { servers: [one, two] } };
  test.each<[string, ConfigObject, string]>([
    ["with a server less", { loadBalancer: { servers: [one] } }, "loadBalancer.servers"],
    ["with another server", { loadBalancer: { servers: [one, { url: "http://x" }] } }, "loadBalancer.servers.1.url"],
    ["of another kind", { weighted: { services: [] } }, "loadBalancer"],
    ["that is cut short", { loadBalancer: "yes" }, "loadBalancer"],
  ])("a service %s", (_what, found, field) => {
    expect(differingField("http/services", SERVICE, found)?.join(".")).toBe(field);
  });

  test("another duration", () => {
    const retry = (initialInterval: string) => ({ retry: { initialInterval } });
    expect(differingField("http/middlewares", retry("1s"), retry("2s"))).toEqual(["retry", "initialInterval"]);
  });
});
