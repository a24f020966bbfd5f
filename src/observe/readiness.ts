import type { Standing, WatchedCatalog } from "./chart-status.ts";

export interface Readiness {
  readonly isReady: boolean;
  /** What is wrong, in the words for an operator; the first is the most important. Of several catalogs one may be away. */
  readonly reasons: readonly string[];
}

/** What is wrong with a catalog, and whether the chart lacks all of it. */
interface Trouble {
  readonly reason: string;
  readonly isMissing: boolean;
}

/**
 * Is the chart what the catalog says, as far as one can know? Red while another portolan writes it, before the first
 * complete read, while the file cannot be written, and when the catalog has been silent for longer than any long poll lasts.
 *
 * Of several catalogs one that is away is no reason: every edge would turn red with it, and the others' routes would go
 * too. Red is only where all are away, and where one has never been read and left nothing to stand in.
 */
export function judgeReadiness(standing: Standing, catalogs: readonly WatchedCatalog[], nowMs: number): Readiness {
  const { standbyFor } = standing;
  if (standbyFor !== undefined) {
    const reason = `standing by: another portolan, ${standbyFor}, keeps ${standing.output} up to date`;
    return { isReady: false, reasons: [reason] };
  }
  const troubles = catalogs
    .map((catalog) => troubleWith(catalog, standing, nowMs))
    .filter((trouble) => trouble !== undefined);
  const reasons = troubles.map(({ reason }) => reason);
  if (standing.writeError !== undefined) reasons.unshift(`the chart cannot be written: ${standing.writeError.message}`);
  const { rollback } = standing;
  // Beside readiness: the chart is what a person wants it to be.
  if (rollback !== undefined) {
    const news = `${rollback.withheldChanges} change${rollback.withheldChanges === 1 ? "" : "s"}`;
    reasons.push(`the chart is version ${rollback.number} since a rollback; ${news} wait for portolan release`);
  }
  const isSomeoneRead = troubles.length < catalogs.length && troubles.every(({ isMissing }) => !isMissing);
  return { isReady: standing.writeError === undefined && isSomeoneRead, reasons };
}

function troubleWith(
  { name, staleAfterMs, standing: source }: WatchedCatalog,
  { snapshots, chart, startedAtMs }: Standing,
  nowMs: number,
): Trouble | undefined {
  const catalog = name === undefined ? "the catalog" : `catalog ${name}`;
  const served = name === undefined ? "the last good chart is served" : "what was last good of it is served";
  const freshness = snapshots.find(({ catalogName }) => catalogName === name)?.freshness ?? "unread";
  const isMissing = freshness === "unread";
  if (freshness !== "live") {
    const stored = isMissing ? "what the last chart had of it is held" : served;
    const effect = chart === undefined ? "nothing is published" : stored;
    return { reason: `${catalog} has not been read completely yet; ${effect}`, isMissing };
  }
  const silentMs = nowMs - (source.lastSuccessAtMs ?? startedAtMs);
  if (silentMs <= staleAfterMs) return undefined;
  return { reason: `${catalog} has not answered for ${Math.round(silentMs / 1000)} s; ${served}`, isMissing };
}

/** A readiness with the reasons of another chart, which is as much part of it. */
export function withEdge(all: Readiness, edge: string, one: Readiness): Readiness {
  const news = one.reasons.filter((reason) => !all.reasons.includes(reason)).map((reason) => `${edge}: ${reason}`);
  return { isReady: all.isReady && one.isReady, reasons: [...all.reasons, ...news] };
}
