import type { Clock } from "../base/clock.ts";
import type { CatalogSnapshot } from "../core/catalog/snapshot.ts";

/** How long the first chart of all waits for the other catalogs once one has answered. */
export const FIRST_CHART_PATIENCE_MS = 10_000;

export interface FirstChartParts {
  readonly clock: Pick<Clock, "nowMs">;
  /** Asks for a pass at this time even if nothing changes. */
  lookAgainAt(timeMs: number): void;
}

/** Decides whether enough catalogs have answered for a chart. */
export interface FirstChart {
  /**
   * Nothing is charted before any catalog has answered, or has a stored snapshot. Where there is no earlier chart, the
   * first one waits a while for the other catalogs, since it would publish their routes as absent.
   */
  isTooEarly(snapshots: readonly CatalogSnapshot[], hasEarlierChart: boolean): boolean;
}

export function createFirstChart({ clock, lookAgainAt }: FirstChartParts): FirstChart {
  let firstAnswerAtMs: number | undefined;
  return {
    isTooEarly(snapshots, hasEarlierChart) {
      const unread = snapshots.filter(({ freshness }) => freshness === "unread");
      if (unread.length === snapshots.length) return true;
      if (unread.length === 0 || hasEarlierChart) return false;
      firstAnswerAtMs ??= clock.nowMs();
      const patientUntilMs = firstAnswerAtMs + FIRST_CHART_PATIENCE_MS;
      if (clock.nowMs() >= patientUntilMs) return false;
      lookAgainAt(patientUntilMs);
      return true;
    },
  };
}
