import { expect, test } from "vitest";
import { chartRows, hostCount, serverLines } from "../../src/page/chart/chart-rows.ts";
import { routeRow } from "./route-row.ts";

function told(routes: Parameters<typeof chartRows>[0]): readonly string[] {
  return chartRows(routes).map((row) => (row.kind === "host" ? row.host : `- ${row.route.router}`));
}

test("routers stand below their hosts, which stand by domain", () => {
  const routes = [
    routeRow("wiki", { hosts: ["wiki.example.org"] }),
    routeRow("shop", { hosts: ["shop.lab.local"] }),
    routeRow("api", { hosts: ["api.example.org"] }),
    routeRow("lab", { hosts: ["lab.local"] }),
  ];
  expect(told(routes)).toEqual([
    ...["lab.local", "- lab", "shop.lab.local", "- shop"],
    ...["api.example.org", "- api", "wiki.example.org", "- wiki"],
  ]);
});

test("a router of several hosts stands below each, and what has none stands last", () => {
  const routes = [
    routeRow("dns", { protocol: "udp", hosts: [] }),
    routeRow("all", { hosts: ["*"] }),
    routeRow("wiki", { hosts: ["wiki.lab", "docs.lab", "wiki.lab"] }),
  ];
  expect(told(routes)).toEqual(["docs.lab", "- wiki", "wiki.lab", "- wiki", "*", "- all", "", "- dns"]);
  expect(hostCount(chartRows(routes))).toBe(2);
});

test("routers of a host stand by path, whatever the order they came in", () => {
  const routes = [
    routeRow("b", { hosts: ["a.lab"], paths: ["/b"] }),
    routeRow("all", { hosts: ["a.lab"] }),
    routeRow("a", { hosts: ["a.lab"], paths: ["/a"] }),
  ];
  expect(told(routes)).toEqual(["a.lab", "- all", "- a", "- b"]);
  expect(told(routes.toReversed())).toEqual(told(routes));
});

test("each row has a key of its own", () => {
  const routes = [routeRow("wiki", { hosts: ["a", "b"] }), routeRow("host a", { hosts: ["a"] })];
  const keys = chartRows(routes).map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
});

test("servers take a line each, many of them take one more", () => {
  const lines = (count: number) => serverLines(routeRow("wiki", { servers: Array(count).fill("http://a:1") }));
  expect([0, 1, 3, 4, 100].map(lines)).toEqual([1, 1, 3, 4, 4]);
});
