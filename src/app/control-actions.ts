import { z } from "zod";
import { AppError } from "../base/errors.ts";
import type { ControlActions } from "../control/control-server.ts";
import { routerLabel } from "../core/traefik/chart/dynamic-config.ts";
import { MAIN_EDGE } from "../observe/telemetry.ts";
import type { Edge } from "./edges/edge.ts";

const rollbackOrder = z.strictObject({ number: z.int().positive(), chart: z.string().default(MAIN_EDGE) });

/** What the daemon does on orders. */
export function controlActions(edges: readonly Edge[]): ControlActions {
  return {
    /** Of all charts. */
    async "POST /v1/release"() {
      const released: object[] = [];
      for (const { name: chart, daemon } of edges) {
        const { rollback, holds } = await daemon.release();
        if (rollback !== undefined) released.push({ chart, kind: "rollback", version: rollback.number, routers: [] });
        for (const { catalogName, kind, routers } of holds) {
          const catalog = catalogName === undefined ? {} : { catalog: catalogName };
          released.push({ chart, ...catalog, kind, routers: routers.map(routerLabel) });
        }
      }
      return { released };
    },
    async "POST /v1/rollback"(body) {
      const { data: wanted } = rollbackOrder.safeParse(body);
      if (wanted === undefined)
        throw refused('a rollback is {"number": N, "chart": "NAME"}; the chart may be left out');
      const edge = edges.find(({ name }) => name === wanted.chart);
      const known = edges.map(({ name }) => name).join(", ");
      if (edge === undefined) throw refused(`there is no chart ${JSON.stringify(wanted.chart)}; known: ${known}`);
      const { number } = await edge.daemon.rollBack(wanted.number);
      return { chart: edge.name, version: number };
    },
    async "GET /v1/versions"() {
      const charts = edges.map(async ({ name, daemon, versions }) => ({
        chart: name,
        rolledBackTo: daemon.rollback()?.number ?? null,
        versions: (await versions.list()).map(({ publishedAtMs, ...version }) => ({
          ...version,
          publishedAt: new Date(publishedAtMs).toISOString(),
        })),
      }));
      return { charts: await Promise.all(charts) };
    },
  };
}

function refused(message: string): AppError {
  return new AppError(message, { code: "E_ROLLBACK", retryable: false });
}
