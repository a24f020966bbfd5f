import { systemClock } from "../../base/clock.ts";
import type { Settings } from "../../config/files/schema.ts";
import { MAIN_EDGE } from "../../core/settings.ts";
import { createServeLog } from "../../observe/log/chart/serve-log.ts";
import type { EventLog } from "../../observe/log/event-log.ts";
import type { ServeRefusal } from "../../observe/observer.ts";
import { createTlsMaterial } from "../../sources/credentials/tls-material.ts";
import { type ChartServer, startChartServer } from "../../web/chart-server.ts";
import { secretFileWarnings } from "../catalogs/secret-files.ts";
import type { Edge } from "../edges/edge.ts";
import { openDemandedToken } from "./demanded-token.ts";

const CHART_PATH = "/v1/chart";

/**
 * Starts the listener from which Traefiks on other machines get the charts; undefined where the settings name none. Throws
 * AppError where its address cannot be had, and where token or certificates cannot be used.
 */
export async function startChartListener(
  { serve }: Pick<Settings, "serve">,
  edges: readonly Pick<Edge, "name" | "publishedText">[],
  log: EventLog,
): Promise<ChartServer | undefined> {
  if (serve === undefined) return undefined;
  const clock = systemClock;
  const { tls, tokenFile } = serve;
  const observer = createServeLog(log, clock);
  for (const warning of secretFileWarnings("serve", serve, process.env)) log.emit("settings.warning", warning);
  const material =
    tls.certFile === undefined
      ? undefined
      : createTlsMaterial({ tls, section: "serve.tls", clock, reporter: observer });
  const token =
    tokenFile === undefined
      ? undefined
      : openDemandedToken({ setting: "serve.tokenFile", path: tokenFile, clock, reporter: observer });
  const charts = new Map(edges.map(({ name, publishedText }) => [pathOf(name), publishedText]));
  const server = await startChartServer(serve.listen, {
    charts,
    ...(material === undefined ? {} : { tls: () => material.current() }),
    whyRefused: (authorization) => (token === undefined ? undefined : whyRefused(token.isShown, authorization)),
    observer,
  });
  const urls = [...charts.keys()].map((path) => `${server.url}${path}`);
  observer.started(urls, { token: token !== undefined, certificate: tls.caFile !== undefined });
  return server;
}

function pathOf(edge: string): string {
  return edge === MAIN_EDGE ? CHART_PATH : `${CHART_PATH}/${edge}`;
}

function whyRefused(isToken: (text: string) => boolean, authorization: string | undefined): ServeRefusal | undefined {
  const [, shown] = /^Bearer +(\S+)$/i.exec(authorization ?? "") ?? [];
  if (shown === undefined) return "no token";
  return isToken(shown) ? undefined : "another token";
}
