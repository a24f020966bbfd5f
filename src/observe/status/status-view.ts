import type { SourceSummary, StatusAnswer } from "../../api/resources/status.ts";
import { PARTIAL_VIEW_WORDS } from "../log/partial-view-words.ts";
import type { ChartStatus } from "./chart-status.ts";
import { chartSummary } from "./chart-summary.ts";
import type { Readiness } from "./readiness.ts";
import type { SourceStatus, WatchedCatalog } from "./source-status.ts";
import { isoTime, seconds } from "./times.ts";

/** What the status tells of the process and its main chart. */
export type DaemonStatus = Pick<StatusAnswer, "version" | "uptimeSeconds" | "ready" | "reasons" | "sources" | "chart">;

/** How the daemon stands. Times as ISO 8601, ages in seconds. */
export function statusView(
  status: ChartStatus,
  catalogs: readonly WatchedCatalog[],
  { isReady, reasons }: Readiness,
  nowMs: number,
): DaemonStatus {
  return {
    version: status.version,
    uptimeSeconds: seconds(nowMs - status.startedAtMs),
    ready: isReady,
    reasons,
    sources: catalogs.map((catalog) => sourceView(catalog, nowMs)),
    chart: chartSummary(status),
  };
}

function sourceView({ name, title, status: source }: WatchedCatalog, nowMs: number): SourceSummary {
  const { lastSuccessAtMs, answerAgeMs, failingSinceMs } = source;
  return {
    name: name ?? null,
    source: title,
    ageSeconds: lastSuccessAtMs === undefined ? null : seconds(nowMs - lastSuccessAtMs),
    services: source.services,
    strategy: source.strategy,
    strategyReason: source.strategyReason,
    openRequests: source.openRequests,
    connectionBudget: source.connectionBudget,
    shortage: shortageView(source.shortage),
    signs: source.partialViewReasons,
    signsInWords: source.partialViewReasons.map((sign) => PARTIAL_VIEW_WORDS[sign]),
    missedChanges: source.missedChanges,
    indexResets: source.indexResets,
    answerAgeSeconds: answerAgeMs === undefined ? null : seconds(answerAgeMs),
    consecutiveFailures: source.consecutiveFailures,
    failingSeconds: failingSinceMs === undefined ? null : seconds(nowMs - failingSinceMs),
    failingSince: isoTime(failingSinceMs),
    lastError: source.lastError ?? null,
    eventStream: source.eventStream ?? null,
    health: source.health ?? null,
  };
}

function shortageView(shortage: SourceStatus["shortage"]): SourceSummary["shortage"] {
  if (shortage === undefined) return null;
  const { allowed, limit, sinceMs } = shortage;
  return { allowed, limit, since: new Date(sinceMs).toISOString() };
}
