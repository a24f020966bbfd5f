import { count } from "../../base/count.ts";
import { catalogWords } from "../../core/catalog/catalog-words.ts";
import type { ChartStatus } from "./chart-status.ts";
import type { WatchedCatalog } from "./source-status.ts";
import { traefikReadiness } from "./traefik-readiness.ts";

export interface Readiness {
  readonly isReady: boolean;
  /** What is wrong, in words for an operator, the most important first. Of several catalogs one may be away. */
  readonly reasons: readonly string[];
}

/** What is wrong with a catalog, whether the chart lacks all of it, and whether it is more than a word to mention. */
interface CatalogTrouble {
  readonly reason: string;
  readonly isMissing: boolean;
  readonly isAway: boolean;
}

/** An outage of moments, as when a leader is elected, is not worth a word. */
const FAILING_IS_NEWS_MS = 5_000;

/**
 * Whether the chart is what the catalog says, as far as that can be known. It is not ready while another portolan writes
 * it, before the first complete read, while the file cannot be written, while Traefik refuses the directory for another file
 * in it or is seen to have nothing of the chart, or an earlier one, after it has had its time, and when the catalog has been silent for longer than any long poll lasts. Until then a catalog that refuses its
 * requests, or does not answer them, is a reason that is told, and the chart stays ready.
 *
 * Where there are several catalogs, one that is away does not count: every edge would be taken out of service with it, and
 * the other catalogs' routes too. A chart is not ready where all are away, or where one has never been read and no last
 * good snapshot of it is kept.
 */
export function judgeReadiness(status: ChartStatus, catalogs: readonly WatchedCatalog[], nowMs: number): Readiness {
  const { standbyFor, writeError, refusedFor, rollback } = status;
  if (standbyFor !== undefined) {
    const reason = `standing by: another portolan, ${standbyFor}, keeps ${status.output} up to date`;
    return { isReady: false, reasons: [reason] };
  }
  const troubles = catalogs
    .map((catalog) => troubleWith(catalog, status, nowMs))
    .filter((trouble) => trouble !== undefined);
  const reasons = troubles.map(({ reason }) => reason);
  if (writeError !== undefined) reasons.unshift(`the chart cannot be written: ${writeError.message}`);
  if (refusedFor !== undefined) {
    reasons.unshift(
      `traefik refuses the chart's directory and goes on with what it loaded last: ${refusedFor.message}`,
    );
  }
  const { reasons: ofTraefik, isReached } = traefikReadiness(status.traefik, status.output);
  reasons.push(...ofTraefik);
  // A rollback is a reason to mention, not a reason to be unready: the chart is what the operator wants it to be.
  if (rollback !== undefined) {
    const { withheldChanges } = rollback;
    const news = `${count(withheldChanges, "change")} ${withheldChanges === 1 ? "waits" : "wait"}`;
    reasons.push(`the chart is version ${rollback.number} since a rollback; ${news} for portolan release`);
  }
  const isAnyRead = troubles.filter(({ isAway }) => isAway).length < catalogs.length;
  const isNoneMissing = troubles.every(({ isMissing }) => !isMissing);
  const isReachingTraefik = writeError === undefined && refusedFor === undefined && isReached;
  return { isReady: isReachingTraefik && isAnyRead && isNoneMissing, reasons };
}

function troubleWith(
  catalog: WatchedCatalog,
  { snapshots, chart, startedAtMs }: ChartStatus,
  nowMs: number,
): CatalogTrouble | undefined {
  const { name, status: source } = catalog;
  const served = name === undefined ? "the last good chart is served" : "what was last good of it is served";
  const freshness = snapshots.find(({ catalogName }) => catalogName === name)?.freshness ?? "unread";
  const isMissing = freshness === "unread";
  if (freshness !== "live") {
    const stored = isMissing ? "what the last chart had of it is held" : served;
    const effect = chart === undefined ? "nothing is published" : stored;
    const cause = source.lastError === undefined ? "" : ` (${source.lastError.message})`;
    return {
      reason: `${catalogWords(name)} has not been read completely yet${cause}; ${effect}`,
      isMissing,
      isAway: true,
    };
  }
  const { lastError, failingSinceMs = nowMs } = source;
  const cause = lastError === undefined ? "" : ` (${lastError.message})`;
  if (isSilent(catalog, startedAtMs, nowMs)) {
    const silentMs = silentForMs(source, startedAtMs, nowMs);
    const reason = `${catalogWords(name)} has not answered for ${Math.round(silentMs / 1000)} s${cause}; ${served}`;
    return { reason, isMissing, isAway: true };
  }
  const failingMs = nowMs - failingSinceMs;
  if (lastError === undefined || failingMs < FAILING_IS_NEWS_MS) return undefined;
  const reason = `${catalogWords(name)} has not answered every request for ${Math.round(failingMs / 1000)} s${cause}; ${served}`;
  return { reason, isMissing, isAway: false };
}

/** Whether a catalog has not answered for longer than it may; before its first answer, since the start. */
export function isSilent(
  { staleAfterMs, status }: Pick<WatchedCatalog, "staleAfterMs" | "status">,
  startedAtMs: number,
  nowMs: number,
): boolean {
  return silentForMs(status, startedAtMs, nowMs) > staleAfterMs;
}

function silentForMs({ lastSuccessAtMs }: WatchedCatalog["status"], startedAtMs: number, nowMs: number): number {
  return nowMs - (lastSuccessAtMs ?? startedAtMs);
}

/** A readiness with the reasons of another chart, which is as much part of it. */
export function withEdge(all: Readiness, edge: string, one: Readiness): Readiness {
  const news = one.reasons.filter((reason) => !all.reasons.includes(reason)).map((reason) => `${edge}: ${reason}`);
  return { isReady: all.isReady && one.isReady, reasons: [...all.reasons, ...news] };
}
