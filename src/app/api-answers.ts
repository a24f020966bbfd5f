import { DIAGNOSTICS } from "../api/resources/diagnostics.ts";
import { EVENTS } from "../api/resources/events.ts";
import { EXPLAIN } from "../api/resources/explain.ts";
import { DIFF, HISTORY } from "../api/resources/history.ts";
import { HOLDS } from "../api/resources/holds.ts";
import { LEGACY } from "../api/resources/legacy.ts";
import { OPENAPI } from "../api/resources/openapi.ts";
import { PORTS } from "../api/resources/ports.ts";
import { ROUTES } from "../api/resources/routes.ts";
import { SCRAPE_TARGETS } from "../api/resources/scrape-targets.ts";
import { STATUS, type StatusAnswer } from "../api/resources/status.ts";
import { type ServedResource, serving } from "../api/served-resource.ts";
import { systemClock } from "../base/clock.ts";
import type { ReadCatalog } from "../core/explain/decided.ts";
import { type IngressNode, ingressNodes } from "../core/ports/ledger/ingress-nodes.ts";
import { chartSummary } from "../observe/status/chart-summary.ts";
import type { NamedChart } from "../observe/status/charts-asked.ts";
import { diagnosticsView } from "../observe/status/diagnostics-view.ts";
import { eventsView } from "../observe/status/events-view.ts";
import { holdsView } from "../observe/status/holds-view.ts";
import { rangeView } from "../observe/status/port-fields.ts";
import { portsView } from "../observe/status/ports-view.ts";
import type { Readiness } from "../observe/status/readiness.ts";
import { routesView } from "../observe/status/routes-view.ts";
import { scrapeTargetsView } from "../observe/status/scrape-targets-view.ts";
import type { WatchedCatalog } from "../observe/status/source-status.ts";
import { statusView } from "../observe/status/status-view.ts";
import type { App } from "./app.ts";
import { createChartHistory } from "./chart-history.ts";
import type { Edge } from "./edges/edge.ts";
import { decidedChart, explainCharts, explainLegacyCharts } from "./explain/explain-charts.ts";
import { watchedCatalogs } from "./explain/read-catalogs.ts";
import { packageVersion } from "./process/version.ts";

/** What the answers need besides the app. */
export interface AnswerParts {
  readonly stateDir: string;
  /** How the catalogs are read, by the settings. */
  readonly catalogs: readonly ReadCatalog[];
  /** Where charts are served to other machines. */
  readonly serve: string | null;
  readiness(): Readiness;
  watched(): readonly WatchedCatalog[];
}

/** The charts as they are now. */
export function namedCharts({ edges }: App): readonly NamedChart[] {
  return edges.map(({ name, status }) => ({ name, status: status() }));
}

/** How the daemon stands. */
export function statusAnswer(
  { edges: [main, ...others], dynamicPorts }: App,
  { stateDir, serve, readiness, watched }: AnswerParts,
): StatusAnswer {
  return {
    ...statusView(main.status(), watched(), readiness(), systemClock.nowMs()),
    stateDir,
    edges: others.map(({ name, status }) => ({ name, chart: chartSummary(status()) })),
    dynamicPorts: rangeView(dynamicPorts.range()),
    ingress: ingressOf(main),
    serve,
  };
}

/** What answers each resource of the API. */
export function apiAnswers(app: App, parts: AnswerParts): readonly ServedResource[] {
  const { edges, dynamicPorts } = app;
  const { catalogs, watched } = parts;
  const [main] = edges;
  const charts = () => namedCharts(app);
  const ofCharts = () => [...edges.map(({ status }) => status()), app.links()];
  const history = createChartHistory(edges);
  return [
    serving(STATUS, () => statusAnswer(app, parts)),
    serving(ROUTES, (query) => routesView(charts(), query, app.links()), ofCharts),
    serving(DIAGNOSTICS, (query) => diagnosticsView(charts(), query, app.links()), ofCharts),
    serving(HOLDS, () => holdsView(charts())),
    serving(EXPLAIN, ({ about }) =>
      explainCharts(about, edges.map(decidedChart), watchedCatalogs(catalogs, watched()), systemClock.nowMs()),
    ),
    serving(LEGACY, () =>
      explainLegacyCharts(edges.map(decidedChart), watchedCatalogs(catalogs, watched()), systemClock.nowMs()),
    ),
    serving(HISTORY, ({ chart }) => history.versions(chart)),
    serving(DIFF, (query) => history.diff(query)),
    serving(
      PORTS,
      (query) => portsView({ ...app.knownPorts(), range: dynamicPorts.range() }, query, app.links()),
      // Each survey has its time.
      () => [app.knownPorts().survey, dynamicPorts.range(), app.links()],
    ),
    serving(SCRAPE_TARGETS, () => scrapeTargetsView(main.status(), systemClock.nowMs())),
    serving(EVENTS, (query) => eventsView(app.events, query, systemClock.nowMs)),
    serving(OPENAPI, openApi, () => [OPENAPI]),
  ];
}

/** Made when it is asked for: most daemons never are. */
async function openApi() {
  const { openApiDocument } = await import("../api/openapi.ts");
  return openApiDocument(packageVersion());
}

/** By the ledger of the last pass. */
function ingressOf({ status }: Edge): IngressNode[] {
  const settings = status().lastPass?.decision.memory.changes.settings;
  return settings === undefined ? [] : [...ingressNodes(settings.ports.ledger)];
}
