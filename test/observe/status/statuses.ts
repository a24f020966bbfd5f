import type { ChartStatus } from "../../../src/observe/status/chart-status.ts";
import type { SourceStatus, WatchedCatalog } from "../../../src/observe/status/source-status.ts";
import { chart, router, served } from "../../builders/chart.ts";
import { NOW_MS } from "../../builders/world.ts";

export const SOURCE: SourceStatus = {
  source: "http://127.0.0.1:8500 dc1",
  strategy: "per-service",
  strategyReason: "3 services",
  services: 3,
  openRequests: 4,
  connectionBudget: 64,
  lastSuccessAtMs: NOW_MS - 1_500,
  answerAgeMs: 20,
  partialViewReasons: [],
  shortage: undefined,
  missedChanges: 0,
  indexResets: 0,
  consecutiveFailures: 0,
  lastError: undefined,
};

export const STATUS: ChartStatus = {
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
  snapshots: [{ catalogName: undefined, freshness: "live" }],
  holds: [],
  leftAtMs: new Map(),
  owners: new Map(),
  operatorNames: new Map(),
  isKept: () => false,
  liveSinceMs: new Map(),
  diagnostics: [],
  writeError: undefined,
  stateError: undefined,
  refusedFor: undefined,
  traefik: undefined,
  flawSinceMs: new Map(),
  standbyFor: undefined,
};

export const STALE_AFTER_MS = 90_000;
export const STORED: ChartStatus["snapshots"] = [{ catalogName: undefined, freshness: "stored" }];
export const STARTED = { ...SOURCE, lastSuccessAtMs: undefined };

export function watched(source: Partial<SourceStatus> = {}): WatchedCatalog {
  return { title: "Consul at http://127.0.0.1:8500", staleAfterMs: STALE_AFTER_MS, status: { ...SOURCE, ...source } };
}
