import type { UiAddresses } from "../ui-links.ts";
import type { ChartStatus } from "./chart-status.ts";
import { chartView } from "./chart-view.ts";
import type { Readiness } from "./readiness.ts";
import type { SourceStatus, WatchedCatalog } from "./source-status.ts";
import { seconds } from "./times.ts";

/** The status as JSON, for people with curl and for other commands. Times as ISO 8601, ages in seconds. */
export function statusView(
  status: ChartStatus,
  catalogs: readonly WatchedCatalog[],
  readiness: Readiness,
  nowMs: number,
  ui: UiAddresses = {},
) {
  const { chart, ...others } = chartView(status, ui);
  const [only] = catalogs;
  return {
    version: status.version,
    uptimeSeconds: seconds(nowMs - status.startedAtMs),
    ready: readiness.isReady,
    reasons: readiness.reasons,
    chart,
    ...(only === undefined || only.name !== undefined
      ? { sources: catalogs.map(({ name, status: source }) => ({ name, ...sourceView(source, nowMs) })) }
      : { source: sourceView(only.status, nowMs) }),
    ...others,
  };
}

function sourceView({ lastSuccessAtMs, answerAgeMs, partialViewReasons, ...source }: SourceStatus, nowMs: number) {
  const { missedChanges, consecutiveFailures, failingSinceMs, lastError, ...watching } = source;
  return {
    ...watching,
    signs: partialViewReasons,
    missedChanges,
    consecutiveFailures,
    failingSeconds: failingSinceMs === undefined ? null : seconds(nowMs - failingSinceMs),
    lastError,
    answerAgeSeconds: answerAgeMs === undefined ? null : seconds(answerAgeMs),
    ageSeconds: lastSuccessAtMs === undefined ? null : seconds(nowMs - lastSuccessAtMs),
  };
}
