import { describe, expect, test } from "vitest";
import { retainPublished } from "../../../src/core/removals/retained.ts";
import { chart, router, served } from "../../builders/chart.ts";

const published = chart({
  routers: { web: router("web", ["all"]) },
  services: { web: served("http://10.0.0.1:24001") },
  middlewares: { all: { chain: { middlewares: ["slow", "auth@file"] } }, slow: { rateLimit: { average: 1 } } },
});

test("a held router keeps its servers, and everything that it needs to work", () => {
  const kept = retainPublished(chart({}), published, { held: ["http/routers/web"], emptied: [] });
  expect(kept).toEqual(published);
});

test("an emptied router keeps its middlewares and loses its servers", () => {
  const kept = retainPublished(chart({}), published, { held: [], emptied: ["http/routers/web"] });
  expect(kept["http/services"].get("web")).toEqual(served());
  expect(kept["http/middlewares"]).toEqual(published["http/middlewares"]);
});

describe("an emptied router whose middleware would ask a server", () => {
  const asking = { forwardAuth: { address: "http://10.0.0.1:24002" } };
  const askingChart = (middleware: object) =>
    chart({
      routers: { web: router("web", ["all"]) },
      services: { web: served("http://10.0.0.1:24001") },
      middlewares: { all: { chain: { middlewares: ["ask"] } }, ask: middleware as typeof asking },
    });

  test.each([
    ["a forwardAuth", asking],
    ["a rate limit with a Redis", { rateLimit: { average: 1, redis: { endpoints: ["10.0.0.1:24003"] } } }],
    ["a plugin", { plugin: { any: { key: "value" } } }],
  ])("is closed where %s has left with it", (_, middleware) => {
    const kept = retainPublished(chart({}), askingChart(middleware), { held: [], emptied: ["http/routers/web"] });
    expect([...kept["http/middlewares"].keys()]).toEqual([]);
    expect(kept["http/routers"].get("web")).toEqual({ ...router("web"), service: "web.closed" });
    expect(kept["http/services"].get("web.closed")).toEqual(served());
  });

  test("keeps it where that is still defined", () => {
    const desired = chart({ middlewares: { ask: asking } });
    const kept = retainPublished(desired, askingChart(asking), { held: [], emptied: ["http/routers/web"] });
    expect(kept["http/routers"].get("web")).toEqual(router("web", ["all"]));
  });
});

test("what is neither held nor emptied goes, with what only it needed", () => {
  expect(retainPublished(chart({}), published, { held: [], emptied: [] })).toEqual(chart({}));
});

test("what the catalog says now counts before the published chart", () => {
  const desired = chart({ services: { web: served("http://10.0.0.9:24009") } });
  const kept = retainPublished(desired, published, { held: ["http/routers/web"], emptied: [] });
  expect(kept["http/services"].get("web")).toEqual(served("http://10.0.0.9:24009"));
});

test("a service that a held router needs keeps its servers, also where an emptied one refers to it", () => {
  const both = chart({ ...sections(), routers: { web: router("web"), old: { ...router("old"), service: "web" } } });
  const kept = retainPublished(chart({}), both, { held: ["http/routers/web"], emptied: ["http/routers/old"] });
  expect(kept["http/services"].get("web")).toEqual(served("http://10.0.0.1:24001"));
});

test("middlewares that refer to each other in a circle come to an end", () => {
  const circle = chart({
    routers: { web: router("web", ["a"]) },
    services: { web: served() },
    middlewares: { a: { chain: { middlewares: ["b"] } }, b: { chain: { middlewares: ["a"] } } },
  });
  expect(retainPublished(chart({}), circle, { held: ["http/routers/web"], emptied: [] })).toEqual(circle);
});

test("neither configuration is changed", () => {
  const desired = chart({});
  retainPublished(desired, published, { held: ["http/routers/web"], emptied: [] });
  expect(desired).toEqual(chart({}));
});

function sections() {
  return { services: { web: served("http://10.0.0.1:24001") } };
}
