import type { DiffAnswer, DiffQuery, HistoryAnswer } from "../api/resources/history.ts";
import { AppError } from "../base/errors.ts";
import { diffCharts } from "../core/chart-diff/chart-diff.ts";
import { type ShownDiff, shownDiff } from "../core/chart-diff/shown-diff.ts";
import type { DynamicConfig } from "../core/traefik/chart/dynamic-config.ts";
import { parseChart } from "../core/traefik/chart/parse-chart.ts";
import { chartAsked, chartsAsked } from "../observe/status/charts-asked.ts";
import type { Edge } from "./edges/edge.ts";

/** What is kept of earlier charts, for clients that read. */
export interface ChartHistory {
  /** Throws AppError (E_API_NOT_FOUND) for a chart that does not exist. */
  versions(chart: string | undefined): Promise<HistoryAnswer>;
  /**
   * Throws AppError: E_API_NOT_FOUND for a chart or version that is not there, E_API_BUSY while another two are compared:
   * that takes the time of a pass, and a client must not be able to ask for many at once.
   */
  diff(query: DiffQuery): Promise<DiffAnswer>;
}

export function createChartHistory(edges: readonly Edge[]): ChartHistory {
  let isComparing = false;

  async function compare({ chart, from, to }: DiffQuery): Promise<DiffAnswer> {
    const edge = chartAsked(edges, chart);
    const before = from ?? (await numberBefore(edge, to));
    const after = await chartOf(edge, to);
    const found = before === "current" ? publishedChart(edge) : await chartOf(edge, before);
    return { chart, from: before, to, ...writable(shownDiff(diffCharts(found, after))) };
  }

  return {
    async versions(chart) {
      const found = await Promise.all(
        chartsAsked(edges, chart).map(async ({ name, daemon, versions }) => {
          const rolledBackTo = daemon.rollback()?.number;
          return (await versions.list()).map(({ number, publishedAtMs, hash, reason }) => ({
            chart: name,
            number,
            publishedAt: new Date(publishedAtMs).toISOString(),
            hash,
            changes: reason,
            isRolledBackTo: number === rolledBackTo,
          }));
        }),
      );
      return { versions: found.flat() };
    },
    async diff(query) {
      if (isComparing) {
        throw new AppError("two versions are being compared for another client; ask again in a moment", {
          code: "E_API_BUSY",
          retryable: true,
        });
      }
      isComparing = true;
      try {
        return await compare(query);
      } finally {
        isComparing = false;
      }
    },
  };
}

/** The version that was in force before another one, of those that are kept. */
async function numberBefore({ versions }: Edge, number: number): Promise<number> {
  const numbers = (await versions.list()).map((version) => version.number);
  const before = numbers.find((one) => one < number);
  if (before !== undefined || !numbers.includes(number)) return before ?? number;
  throw notFound(
    `no version before ${number} is kept, so that it is not known what changed with it; portolan rollback --diff ${number} compares it with the chart in force`,
  );
}

async function chartOf({ name, versions }: Edge, number: number): Promise<DynamicConfig> {
  const text = await versions.text(number);
  const chart = text === undefined ? undefined : parseChart(text);
  if (chart !== undefined) return chart;
  const kept = (await versions.list()).map((version) => version.number);
  const known = kept.length === 0 ? "none is kept yet" : `kept: ${kept.join(", ")}`;
  throw notFound(`there is no version ${number} of chart ${name}; ${known}`);
}

function publishedChart({ publishedText, name }: Edge): DynamicConfig {
  const text = publishedText();
  const chart = text === undefined ? undefined : parseChart(text);
  if (chart !== undefined) return chart;
  throw notFound(`chart ${name} is not published yet, so that there is nothing to compare with`);
}

function notFound(message: string): AppError {
  return new AppError(message, { code: "E_API_NOT_FOUND", retryable: false });
}

/** The same as lists of its own. */
function writable({ counts, routers, resources, others }: ShownDiff): Omit<DiffAnswer, "chart" | "from" | "to"> {
  return {
    counts,
    routers: routers.map((router) => ({ ...router, resources: [...router.resources] })),
    resources: resources.map((resource) => ({ ...resource, fields: [...resource.fields] })),
    others: [...others],
  };
}
