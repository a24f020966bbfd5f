import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import { dashboardLink, uiLinks } from "../../src/observe/ui-links.ts";
import { instance } from "../builders/world.ts";

const UI = { consul: "https://consul.test", nomad: "https://edge.test/nomad" };
const ID = "_nomad-task-96ae0c8b-7352-2b14-bb9c-a1a88d99cb44-group-app-web-http";
const ALLOCATION = "https://edge.test/nomad/ui/allocations/96ae0c8b-7352-2b14-bb9c-a1a88d99cb44";
const one = (more: Partial<ServiceInstance>) =>
  instance({ service: "web", id: "web-1", node: "node-1", datacenter: "dc1", ...more });

test.each<[string, Partial<ServiceInstance>, object]>([
  [
    "an instance of Consul's",
    {},
    { links: { consul: "https://consul.test/ui/dc1/services/web/instances/node-1/web-1" } },
  ],
  [
    "one that Nomad made",
    { id: ID },
    { links: { consul: `https://consul.test/ui/dc1/services/web/instances/node-1/${ID}`, nomad: ALLOCATION } },
  ],
  ["one of Nomad's own", { id: ID, catalog: "nomad", job: "shop" }, { links: { nomad: ALLOCATION } }],
])("%s", (_what, more, links) => {
  expect(uiLinks(one(more), UI)).toEqual(links);
});

test("without web interfaces in the settings there are none", () => {
  expect(uiLinks(one({ id: ID }), {})).toEqual({});
});

test("an id whose allocation Nomad has elsewhere does not lead to it", () => {
  expect(uiLinks(one({ id: ID, allocation: { kind: "elsewhere", nomad: "n" } }), { nomad: UI.nomad })).toEqual({});
});

describe("whatever a client writes", () => {
  test.each([
    ["a/b", "a%2Fb"],
    ["../../evil", "..%2F..%2Fevil"],
    ["x?y#z", "x%3Fy%23z"],
    ['"><script>', "%22%3E%3Cscript%3E"],
    ["it's (a) *name*!", "it%27s%20%28a%29%20%2Aname%2A%21"],
    ["@evil.test", "%40evil.test"],
    ["\\evil", "%5Cevil"],
    ["lone \ud800", "lone%20%EF%BF%BD"],
    ["ä\n", "%C3%A4%0A"],
  ])("the name %j is one segment of the path", (name, segment) => {
    const { links } = uiLinks(one({ service: name, id: name, node: name }), UI);
    expect(links?.consul).toBe(`https://consul.test/ui/dc1/services/${segment}/instances/${segment}/${segment}`);
    const url = new URL(links?.consul ?? "");
    expect([url.host, url.pathname.split("/").length, url.search, url.hash]).toEqual(["consul.test", 8, "", ""]);
  });

  test.each([["."], [".."], [""]])("a name %j, which no path can hold, has no link", (name) => {
    expect(uiLinks(one({ service: name }), UI)).toEqual({});
  });
});

test.each([
  [{ chart: "main", section: "http/routers", name: "wiki" }, "https://t.test/dashboard/#/http/routers/wiki%40file"],
  [
    { chart: "main", section: "udp/routers", name: "a/../b" },
    "https://t.test/dashboard/#/udp/routers/a%2F..%2Fb%40file",
  ],
  [{ chart: "edge", section: "http/routers", name: "wiki" }, undefined],
])("the router %j in the dashboard", (router, dashboard) => {
  expect(dashboardLink(router, { traefik: "https://t.test" }).dashboard).toBe(dashboard);
  expect(dashboardLink(router, {})).toEqual({});
});
