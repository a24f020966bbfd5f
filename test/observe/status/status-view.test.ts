import { expect, test } from "vitest";
import { diagnose } from "../../../src/core/diagnostics/finding.ts";
import type { ChartStatus } from "../../../src/observe/status/chart-status.ts";
import { chartView } from "../../../src/observe/status/chart-view.ts";
import { statusView } from "../../../src/observe/status/status-view.ts";
import { chart, router, served } from "../../builders/chart.ts";
import { instance, NOW_MS } from "../../builders/world.ts";
import { STARTED, STATUS, watched } from "./statuses.ts";

test("of several catalogs the status lists the sources and the holds of each by its name", () => {
  const hold = { kind: "source-away", catalogName: "dc2", routers: ["http/routers/api"], sinceMs: NOW_MS } as const;
  const catalogs = ["dc1", "dc2"].map((name) => ({ ...watched(), name }));
  const view = statusView({ ...STATUS, holds: [hold] }, catalogs, { isReady: true, reasons: [] }, NOW_MS);
  expect(JSON.parse(JSON.stringify(view))).toMatchObject({
    chart: { held: [{ catalog: "dc2", kind: "source-away", routers: ["api"], ends: null }] },
    sources: [
      { name: "dc1", ageSeconds: 1.5 },
      { name: "dc2", ageSeconds: 1.5 },
    ],
    routes: [{ router: "web" }, { router: "api", state: "held" }, { router: "old" }],
  });
  expect(view).not.toHaveProperty("source");
});

test("the status is plain JSON, with times as ISO 8601 and ages in seconds", () => {
  const status: ChartStatus = {
    ...STATUS,
    holds: [{ kind: "mass-removal", routers: ["http/routers/api"], sinceMs: NOW_MS - 1_000, endsAtMs: NOW_MS + 9_000 }],
    leftAtMs: new Map([["http/routers/old", NOW_MS - 2_000]]),
  };
  const view = statusView(status, [watched()], { isReady: true, reasons: [] }, NOW_MS);
  expect(JSON.parse(JSON.stringify(view))).toMatchObject({
    version: "1.2.3",
    uptimeSeconds: 60,
    ready: true,
    chart: {
      generation: 7,
      publishedAt: "1970-01-01T00:16:35.000Z",
      routers: 3,
      held: {
        kind: "mass-removal",
        routers: ["api"],
        since: "1970-01-01T00:16:39.000Z",
        ends: "1970-01-01T00:16:49.000Z",
      },
      emptied: [{ router: "old", since: "1970-01-01T00:16:38.000Z" }],
    },
    source: { ageSeconds: 1.5, strategy: "per-service", openRequests: 4 },
    writeError: null,
    routes: [
      { router: "web", rule: "Host(`web`)", service: "web", servers: ["http://10.0.0.1:24001"], state: "live" },
      { router: "api", state: "held" },
      { router: "old", state: "emptied" },
    ],
  });
});

test("holds of one catalog and of the settings are both shown", () => {
  const holds: ChartStatus["holds"] = [
    { kind: "settings-change", routers: ["http/routers/web"], sinceMs: NOW_MS },
    { kind: "catalog-reset", routers: ["http/routers/api"], sinceMs: NOW_MS },
  ];
  const view = statusView({ ...STATUS, holds }, [watched()], { isReady: true, reasons: [] }, NOW_MS);
  expect(view).toMatchObject({
    chart: {
      held: [
        { kind: "settings-change", routers: ["web"], ends: null },
        { kind: "catalog-reset", routers: ["api"] },
      ],
    },
  });
});

test("before anything is known the status says so", () => {
  const nothing = { ...STATUS, chart: undefined, hash: undefined, publishedAtMs: undefined };
  const view = statusView(nothing, [watched(STARTED)], { isReady: false, reasons: ["x"] }, NOW_MS);
  expect(view).toMatchObject({
    chart: { hash: null, publishedAt: null, held: null, routers: 0 },
    source: { ageSeconds: null },
    routes: [],
  });
});

test("a server's URL is shown without the password in it", () => {
  const open = chart({
    routers: { web: router("web") },
    services: { web: served("http://user:s3cret@10.0.0.1:24001") },
  });
  const text = JSON.stringify(chartView({ ...STATUS, chart: open }));
  expect(text).not.toContain("s3cret");
  expect(text).toContain("http://***@10.0.0.1:24001");
});

test("a route names the instances behind its servers, with the task of each, and links where there are web interfaces", () => {
  const id = "_nomad-task-96ae0c8b-7352-2b14-bb9c-a1a88d99cb44-group-app-web-http";
  const behind = instance({ service: "web", id, node: "node-1" });
  const diagnostic = diagnose(behind, { code: "TAG_UNKNOWN_KEY", message: "m", remedy: "r" });
  const status: ChartStatus = {
    ...STATUS,
    origin: (service, url) => (service === "http/services/web" && url.includes("10.0.0.1") ? behind : undefined),
    instances: [[behind]],
    diagnostics: [diagnostic],
  };
  const told = { id, node: "node-1", group: "app", allocation: "96ae0c8b", toldBy: "id" };
  const links = { nomad: "https://nomad.test/ui/allocations/96ae0c8b-7352-2b14-bb9c-a1a88d99cb44" };
  expect(chartView(status).routes[0]).toMatchObject({ instances: [{ server: "http://10.0.0.1:24001", ...told }] });
  expect(JSON.stringify(chartView(status))).not.toContain("links");
  const view = chartView(status, { nomad: "https://nomad.test" });
  expect(view.routes[0]).toMatchObject({ instances: [{ ...told, links }] });
  expect(view.diagnostics).toEqual([{ ...diagnostic, links }]);
  expect(diagnostic.subject).toMatchObject({ group: "app", allocation: "96ae0c8b", toldBy: "id" });
});
