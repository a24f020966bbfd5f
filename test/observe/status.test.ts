import { describe, expect, test } from "vitest";
import type { SourceStanding, Standing, WatchedCatalog } from "../../src/observe/chart-status.ts";
import { judgeReadiness } from "../../src/observe/readiness.ts";
import { chartView, statusView } from "../../src/observe/status.ts";
import { chart, router, served } from "../builders/chart.ts";
import { NOW_MS } from "../builders/world.ts";

const SOURCE: SourceStanding = {
  source: "http://127.0.0.1:8500 dc1",
  strategy: "per-service",
  strategyReason: "3 services",
  services: 3,
  openRequests: 4,
  connectionBudget: 64,
  lastSuccessAtMs: NOW_MS - 1_500,
  answerAgeMs: 20,
  signs: [],
  shortage: undefined,
  missedChanges: 0,
  indexResets: 0,
  consecutiveFailures: 0,
  lastError: undefined,
};

const STANDING: Standing = {
  version: "1.2.3",
  startedAtMs: NOW_MS - 60_000,
  output: "/srv/portolan.yml",
  generation: 7,
  hash: "abc",
  publishedAtMs: NOW_MS - 5_000,
  chart: chart({
    routers: { web: router("web"), api: router("api"), old: router("old") },
    services: { web: served("http://10.0.0.1:24001") },
  }),
  snapshots: [{ catalogName: undefined, origin: "live" }],
  holds: [],
  leftAtMs: new Map(),
  diagnostics: [],
  untoldDiagnostics: 0,
  writeError: undefined,
  standbyFor: undefined,
};

const STALE_AFTER_MS = 90_000;
const STORED: Standing["snapshots"] = [{ catalogName: undefined, origin: "stored" }];
const STARTED = { ...SOURCE, lastSuccessAtMs: undefined };

function watched(source: Partial<SourceStanding> = {}): WatchedCatalog {
  return { staleAfterMs: STALE_AFTER_MS, standing: { ...SOURCE, ...source } };
}

describe("readiness", () => {
  test.each<[string, Partial<Standing>, Partial<SourceStanding>, readonly string[]]>([
    ["all is well", {}, {}, []],
    ["nothing was ever read", { snapshots: [], chart: undefined }, STARTED, ["nothing is published"]],
    ["a stored slice stands in", { snapshots: STORED }, STARTED, ["the last good chart is served"]],
    ["silence as long as a long poll", {}, { lastSuccessAtMs: NOW_MS - STALE_AFTER_MS }, []],
    ["silence for longer", {}, { lastSuccessAtMs: NOW_MS - STALE_AFTER_MS - 1 }, ["has not answered for 90 s"]],
    [
      "the file cannot be written",
      { writeError: { code: "E", message: "disk full" } },
      {},
      ["cannot be written: disk full"],
    ],
    [
      "another portolan writes the file, whatever else",
      { standbyFor: "pid 7 on edge-1", snapshots: [] },
      STARTED,
      ["standing by: another portolan, pid 7 on edge-1"],
    ],
    [
      "several at once, the file first",
      { writeError: { code: "E", message: "disk full" }, snapshots: STORED },
      STARTED,
      ["disk full", "not been read completely yet"],
    ],
  ])("%s", (_, standing, source, reasons) => {
    const readiness = judgeReadiness({ ...STANDING, ...standing }, [watched(source)], NOW_MS);
    expect(readiness.isReady).toBe(reasons.length === 0);
    expect(readiness.reasons).toEqual(reasons.map((reason) => expect.stringContaining(reason)));
  });

  test("a failing catalog is no reason while the silence is short", () => {
    expect(judgeReadiness(STANDING, [watched({ consecutiveFailures: 9 })], NOW_MS).isReady).toBe(true);
  });
});

describe("readiness of several catalogs", () => {
  const LIVE = { catalogName: "dc1", origin: "live" } as const;
  const one: WatchedCatalog = { ...watched(), name: "dc1" };
  const SILENT = { lastSuccessAtMs: NOW_MS - STALE_AFTER_MS - 1 };

  function readiness(other: Standing["snapshots"][number]["origin"], source: Partial<SourceStanding>, first = one) {
    const standing = { ...STANDING, snapshots: [LIVE, { catalogName: "dc2", origin: other }] };
    return judgeReadiness(standing, [first, { ...watched(source), name: "dc2" }], NOW_MS);
  }

  test("is not lost with one of them: it is named beside it", () => {
    expect(readiness("live", {})).toEqual({ isReady: true, reasons: [] });
    expect(readiness("live", SILENT)).toEqual({
      isReady: true,
      reasons: ["catalog dc2 has not answered for 90 s; what was last good of it is served"],
    });
    expect(readiness("stored", STARTED)).toEqual({
      isReady: true,
      reasons: ["catalog dc2 has not been read completely yet; what was last good of it is served"],
    });
  });

  test("is lost with all of them", () => {
    const { isReady, reasons } = readiness("live", SILENT, { ...watched(SILENT), name: "dc1" });
    expect(isReady).toBe(false);
    expect(reasons).toHaveLength(2);
  });

  test("waits for one of which nothing was ever read: the chart lacks it", () => {
    expect(readiness("unread", STARTED)).toEqual({
      isReady: false,
      reasons: ["catalog dc2 has not been read completely yet; what the last chart had of it is held"],
    });
  });

  test("needs a file that can be written", () => {
    const standing = { ...STANDING, snapshots: [LIVE], writeError: { code: "E", message: "disk full" } };
    expect(judgeReadiness(standing, [one], NOW_MS)).toMatchObject({ isReady: false });
  });
});

test("of several catalogs the status lists the sources and the holds of each by its name", () => {
  const hold = { kind: "source-away", catalogName: "dc2", routers: ["http/routers/api"], sinceMs: NOW_MS } as const;
  const catalogs = ["dc1", "dc2"].map((name) => ({ ...watched(), name }));
  const view = statusView({ ...STANDING, holds: [hold] }, catalogs, { isReady: true, reasons: [] }, NOW_MS);
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
  const standing: Standing = {
    ...STANDING,
    holds: [{ kind: "mass-removal", routers: ["http/routers/api"], sinceMs: NOW_MS - 1_000, endsAtMs: NOW_MS + 9_000 }],
    leftAtMs: new Map([["http/routers/old", NOW_MS - 2_000]]),
  };
  const view = statusView(standing, [watched()], { isReady: true, reasons: [] }, NOW_MS);
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

test("holds of one catalog and of the settings are both told", () => {
  const holds: Standing["holds"] = [
    { kind: "settings-change", routers: ["http/routers/web"], sinceMs: NOW_MS },
    { kind: "catalog-reset", routers: ["http/routers/api"], sinceMs: NOW_MS },
  ];
  const view = statusView({ ...STANDING, holds }, [watched()], { isReady: true, reasons: [] }, NOW_MS);
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
  const nothing = { ...STANDING, chart: undefined, hash: undefined, publishedAtMs: undefined };
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
  const text = JSON.stringify(chartView({ ...STANDING, chart: open }));
  expect(text).not.toContain("s3cret");
  expect(text).toContain("http://***@10.0.0.1:24001");
});
