import { systemClock } from "../base/clock.ts";
import { createNotice, type Notice } from "../base/notice.ts";
import type { Settings } from "../config/files/schema.ts";
import type { CatalogSnapshot } from "../core/catalog/snapshot.ts";
import { staticPortsOf } from "../core/static-entries/static-places.ts";
import { fanOutCatalog } from "../observe/fan-out.ts";
import type { EventLog } from "../observe/log/event-log.ts";
import { createSourceLog } from "../observe/log/source-log.ts";
import { createMetrics, type Metrics } from "../observe/metrics/registry.ts";
import { createSourceMetrics } from "../observe/metrics/source-metrics.ts";
import type { KnownPorts } from "../observe/status/ports-view.ts";
import { createRecentEvents, type RecentEvents } from "../observe/status/recent-events.ts";
import { chosenCatalogs, labelOf } from "./catalogs/chosen.ts";
import type { Edge } from "./edges/edge.ts";
import { type EdgePlan, edgePlans } from "./edges/edge-plan.ts";
import { observeEdge } from "./edges/observed-edge.ts";
import { apiOf, edgeQuietWindow, openEdge } from "./edges/open-edge.ts";
import { adoptedSettings } from "./inputs/adopted-settings.ts";
import { type Inputs, openInputs } from "./inputs/inputs.ts";
import { refuseChartFolder } from "./inputs/operator-snippets.ts";
import { createKnownPorts } from "./port-survey/known-ports.ts";
import { observePorts } from "./port-survey/observed-ports.ts";
import { createPortSurveys, type PortSurveys } from "./port-survey/port-survey.ts";
import { KEEPS_STATE } from "./stored-state/state-access.ts";

/** Before the first pass; one object. */
const NO_SNAPSHOTS: readonly CatalogSnapshot[] = [];

/** Everything that works together in `run`, `once` and `demo`. */
export interface App extends Pick<Inputs, "catalogs" | "snippets" | "dynamicPorts" | "allocations"> {
  /** One for each chart; the main one first. */
  readonly edges: readonly [Edge, ...Edge[]];
  readonly metrics: Metrics;
  /** Looks at the ports of all services, where there is a ledger. */
  readonly portSurveys: PortSurveys;
  /** What can be told of ports now. */
  knownPorts(): Omit<KnownPorts, "range">;
  /** What happened to routes lately, in all charts. */
  readonly events: RecentEvents;
  /** Given when the status of a chart, or what happened lately, is other than before. */
  readonly news: Notice;
  /** Where the web interfaces of the catalogs are. */
  links(): Settings["links"];
  /** Settings that count from the next pass on; those that need a restart are ignored here. */
  adopt(settings: Settings): Promise<void>;
  close(): Promise<void>;
}

/**
 * Puts the parts together: the only place that knows concrete classes. Checks the outputs first and throws AppError (exit
 * code 78) where nothing that is written could reach Traefik.
 *
 * @param isConfirmed the operator has confirmed that what the settings take away at this start is meant to go
 */
export async function openApp(initial: Settings, log: EventLog, isConfirmed = false): Promise<App> {
  let settings = initial;
  for (const warning of initial.warnings ?? []) log.emit("settings.warning", warning);
  refuseChartFolder(settings);
  const [source = ""] = chosenCatalogs(settings).map(labelOf);
  const metrics = createMetrics();
  const news = createNotice();
  const events = createRecentEvents({
    startedAtMs: systemClock.nowMs(),
    added: news.give,
    sleep: systemClock.sleep,
  });
  const prepare = (plan: EdgePlan) => ({
    plan,
    reports: observeEdge({ log, metrics, events, edge: plan.name, output: plan.file, source, changed: news.give }),
    quietWindow: edgeQuietWindow(() => settings),
  });
  const [mainPlan, ...otherPlans] = edgePlans(settings);
  const main = prepare(mainPlan);
  const others = otherPlans.map(prepare);
  const inputs = await openInputs(initial, {
    log,
    observer: main.reports.observer,
    access: KEEPS_STATE,
    catalogObserver: (catalog) =>
      fanOutCatalog([createSourceLog(log, catalog.name), createSourceMetrics(metrics.sources, labelOf(catalog))]),
    changed() {
      for (const { quietWindow } of [main, ...others]) quietWindow.changed();
    },
  });
  const openPrepared = ({ plan, reports, quietWindow }: typeof main) =>
    openEdge(plan, {
      ...inputs,
      ...{ reports, quietWindow, settings, isConfirmed, log },
      traefikApi: () => apiOf(plan.name, settings),
    });
  const edges: [Edge, ...Edge[]] = [await openPrepared(main)];
  for (const other of others) edges.push(await openPrepared(other));
  const { catalogs, snippets, dynamicPorts, allocations } = inputs;

  const portSurveys = createPortSurveys({
    catalogs,
    core: inputs.core,
    statics: () => staticPortsOf(inputs.operatorConfig()),
    clock: systemClock,
    random: Math.random,
    observer: observePorts({ log, metrics, events }),
  });

  return {
    edges,
    portSurveys,
    knownPorts: createKnownPorts({
      surveys: portSurveys,
      snapshots: () => edges[0].status().lastPass?.snapshots ?? NO_SNAPSHOTS,
      core: inputs.core,
      operatorConfig: inputs.operatorConfig,
    }),
    ...{ catalogs, snippets, dynamicPorts, allocations },
    metrics,
    events,
    news,
    links: () => settings.links,
    async adopt(next) {
      const { output } = initial;
      refuseChartFolder({ ...next, output });
      const adopted = adoptedSettings(next, initial);
      await inputs.adopt(adopted);
      settings = adopted;
      log.setLevel(next.log.level);
    },
    close: inputs.close,
  };
}
