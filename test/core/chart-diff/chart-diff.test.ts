import { describe, expect, test } from "vitest";
import { diffCharts, isEmptyDiff } from "../../../src/core/chart-diff/chart-diff.ts";
import { newConfig } from "../../../src/core/traefik/chart/dynamic-config.ts";
import { parseChart } from "../../../src/core/traefik/chart/parse-chart.ts";
import { renderChart } from "../../../src/core/traefik/chart/render.ts";
import { chart, router, served } from "../../builders/chart.ts";

const limit = { rateLimit: { average: 10 } };
const before = chart({
  routers: { shop: router("shop", ["gate"]), wiki: router("wiki"), blog: router("blog", ["gate"]) },
  services: { shop: served("http://10.0.0.1:24001"), wiki: served("http://10.0.0.2:24002"), blog: served() },
  middlewares: { gate: { chain: { middlewares: ["limit"] } }, limit },
});

/** Router → what differs of it and of what it leads to. */
function told(after = before) {
  const { routers, others } = diffCharts(before, after);
  return {
    routers: routers.map(({ key, kind, resources }) => [
      `${kind} ${key}`,
      ...resources.map((one) => `${one.kind} ${one.key}`),
    ]),
    others: others.map((one) => `${one.kind} ${one.key}`),
  };
}

describe("what differs between two charts", () => {
  test("is nothing between a chart and its own text", () => {
    const again = parseChart(renderChart(before)) ?? newConfig();
    expect(isEmptyDiff(diffCharts(before, again))).toBe(true);
  });

  test("is a router with what comes with it", () => {
    const after = {
      ...before,
      "http/routers": new Map([...before["http/routers"], ["docs", router("docs")]]),
      "http/services": new Map([...before["http/services"], ["docs", served("http://10.0.0.9:24009")]]),
    };
    expect(told(after)).toEqual({
      routers: [["added http/routers/docs", "added http/routers/docs", "added http/services/docs"]],
      others: [],
    });
    expect(diffCharts(before, after).counts).toEqual({ added: 1, changed: 0, removed: 0 });
    expect(diffCharts(after, before).counts).toEqual({ added: 0, changed: 0, removed: 1 });
  });

  test("reaches through a chain of middlewares to every router that uses it", () => {
    const after = {
      ...before,
      "http/middlewares": new Map([...before["http/middlewares"], ["limit", { rateLimit: { average: 20 } }]]),
    };
    expect(told(after).routers).toEqual([
      ["changed http/routers/blog", "changed http/middlewares/limit"],
      ["changed http/routers/shop", "changed http/middlewares/limit"],
    ]);
    const [blog, shop] = diffCharts(before, after).routers;
    expect(blog?.resources[0]).toBe(shop?.resources[0]);
  });

  test("names what a router led to before beside what it leads to now", () => {
    const after = {
      ...before,
      "http/routers": new Map([...before["http/routers"], ["wiki", { ...router("wiki"), service: "pages@file" }]]),
      "http/services": new Map([
        ...[...before["http/services"]].filter(([name]) => name !== "wiki"),
        ["pages", served("http://10.0.0.7:24007")],
      ]),
    };
    expect(told(after).routers).toEqual([
      [
        ...["changed http/routers/wiki", "changed http/routers/wiki"],
        ...["added http/services/pages", "removed http/services/wiki"],
      ],
    ]);
  });

  test("is told apart where no router names it", () => {
    const after = { ...before, "tls/options": new Map([["default", { minVersion: "VersionTLS13" }]]) };
    expect(told(after)).toEqual({ routers: [], others: ["added tls/options/default"] });
  });

  test("keeps routers of equal names apart by their protocol", () => {
    const after = {
      ...before,
      "tcp/routers": new Map([["shop", { rule: "HostSNI(`*`)", service: "shop" }]]),
      "tcp/services": new Map([["shop", { loadBalancer: { servers: [{ address: "10.0.0.1:24005" }] } }]]),
    };
    expect(told(after).routers).toEqual([
      ["added tcp/routers/shop", "added tcp/routers/shop", "added tcp/services/shop"],
    ]);
  });

  test("ends where middlewares lead to each other", () => {
    const circle = {
      ...before,
      "http/middlewares": new Map([
        ["gate", { chain: { middlewares: ["limit"] } }],
        ["limit", { chain: { middlewares: ["gate"] } }],
      ]),
    };
    expect(told(circle).routers.map(([head]) => head)).toEqual([
      "changed http/routers/blog",
      "changed http/routers/shop",
    ]);
  });
});
