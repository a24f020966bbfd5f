import type { Explained } from "../../api/resources/explain.ts";
import type { LegacyExplained } from "../../api/resources/legacy.ts";
import { AppError } from "../../base/errors.ts";
import type { CatalogSnapshot } from "../../core/catalog/snapshot.ts";
import type { Decision } from "../../core/decision.ts";
import type { Decided, ReadCatalog } from "../../core/explain/decided.ts";
import { explain } from "../../core/explain/explain.ts";
import { explainLegacy } from "../../core/explain/legacy/legacy.ts";
import type { TraefikReading } from "../../core/traefik-result/traefik-result.ts";
import type { Edge } from "../edges/edge.ts";

/** What the last pass over one chart came to, and by what. */
export interface DecidedChart {
  readonly chart: string;
  /** Its path. */
  readonly output: string;
  /** Undefined before the first pass. */
  readonly decision: Decision | undefined;
  readonly snapshots: readonly CatalogSnapshot[];
  /** What Traefik made of it; undefined where it is not asked, or has not answered. */
  readonly traefik?: TraefikReading | undefined;
  /** The earlier chart that is published, by an operator's order. */
  readonly rolledBackTo?: number | undefined;
}

/** The chart of an edge, as its last pass left it. */
export function decidedChart({ name, status }: Pick<Edge, "name" | "status">): DecidedChart {
  const { lastPass, rollback, output, traefik } = status();
  return {
    ...{ chart: name, output, traefik },
    decision: lastPass?.decision,
    snapshots: lastPass?.snapshots ?? [],
    rolledBackTo: rollback?.number,
  };
}

/**
 * The answer for every chart, by what their last passes decided. Throws AppError (E_API_BUSY) where nothing has been decided yet:
 * the catalogs have not been read since the start.
 */
export function explainCharts(
  about: string,
  charts: readonly DecidedChart[],
  catalogs: readonly ReadCatalog[],
  nowMs: number,
): Explained {
  const decided = decidedIn(charts, catalogs, nowMs);
  return { about, charts: decided.map(([chart, one]) => ({ chart, answers: [...explain(about, one)] })) };
}

/** What is left to migrate of each chart. Throws AppError as `explainCharts` does. */
export function explainLegacyCharts(
  charts: readonly DecidedChart[],
  catalogs: readonly ReadCatalog[],
  nowMs: number,
): LegacyExplained {
  const decided = decidedIn(charts, catalogs, nowMs);
  return {
    charts: decided.map(([chart, one]) => {
      const beside = decided.filter(([other]) => other !== chart);
      return { chart, ...explainLegacy(one, beside) };
    }),
  };
}

function decidedIn(
  charts: readonly DecidedChart[],
  catalogs: readonly ReadCatalog[],
  nowMs: number,
): readonly (readonly [chart: string, Decided])[] {
  return charts.map(({ chart, output, decision, snapshots, traefik, rolledBackTo }) => {
    const settings = decision?.memory.changes.settings;
    if (decision === undefined || settings === undefined) throw undecided();
    const decided: Decided = {
      ...{ decision, snapshots, settings, catalogs, nowMs, output },
      ...(traefik === undefined ? {} : { traefik }),
      ...(rolledBackTo === undefined ? {} : { rolledBackTo }),
    };
    return [chart, decided] as const;
  });
}

function undecided(): AppError {
  return new AppError(
    "no pass has ended since the start: the catalog has not been read completely yet; ask again, or see why: portolan status",
    { code: "E_API_BUSY", retryable: true },
  );
}
