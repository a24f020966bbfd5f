import type { Settings } from "../config/files/schema.ts";
import { coreSettings } from "../config/resolve/core-settings.ts";
import { fanOutCatalog } from "../observe/fan-out.ts";
import type { EventLog } from "../observe/log/event-log.ts";
import { createSourceLog } from "../observe/log/source-log.ts";
import { createMetrics, type Metrics } from "../observe/metrics/registry.ts";
import { createSourceMetrics } from "../observe/metrics/source-metrics.ts";
import type { Snippets } from "../snippets/snippets.ts";
import type { Allocations } from "./allocations/allocations.ts";
import { askingCatalog, followAllocations } from "./allocations/followed.ts";
import { withAllocations } from "./allocations/with-allocations.ts";
import { type ChosenCatalog, chosenCatalogs, labelOf, sectionOf } from "./catalogs/chosen.ts";
import { secretFileWarnings } from "./catalogs/secret-files.ts";
import { type OpenedCatalog, watchCatalog } from "./catalogs/watched.ts";
import type { DynamicPorts } from "./dynamic-ports/dynamic-ports.ts";
import { followDynamicPorts } from "./dynamic-ports/followed.ts";
import type { Edge } from "./edges/edge.ts";
import { type EdgePlan, edgePlans } from "./edges/edge-plan.ts";
import { observeEdge } from "./edges/observed-edge.ts";
import { edgeQuietWindow, openEdge } from "./edges/open-edge.ts";
import { openSnippets, refuseChartFolder } from "./operator-snippets.ts";
import { openSchedulers } from "./schedulers/open-schedulers.ts";

/** Everything that works together in `run`, `once` and `demo`. */
export interface App {
  /** One for each chart; the main one first. */
  readonly edges: readonly [Edge, ...Edge[]];
  readonly catalogs: readonly OpenedCatalog[];
  readonly snippets: Snippets;
  readonly dynamicPorts: DynamicPorts;
  /** Undefined where there is no Nomad to ask. */
  readonly allocations: Allocations | undefined;
  readonly metrics: Metrics;
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
  let core = coreSettings(initial);
  refuseChartFolder(settings);
  const chosen = chosenCatalogs(settings);
  const [source = ""] = chosen.map(labelOf);
  const metrics = createMetrics();
  const prepare = (plan: EdgePlan) => ({
    plan,
    reports: observeEdge({ log, metrics, edge: plan.name, output: plan.file, source }),
    quietWindow: edgeQuietWindow(() => settings),
  });
  const [mainPlan, ...otherPlans] = edgePlans(settings);
  const main = prepare(mainPlan);
  const others = otherPlans.map(prepare);
  const changed = () => {
    for (const { quietWindow } of [main, ...others]) quietWindow.changed();
  };
  const schedulers = await openSchedulers(initial, log);
  const allocations = followAllocations(schedulers.forAllocations, log);
  const otherPrefixes = initial.edges.map(({ prefix }) => prefix);
  const open = async (catalog: ChosenCatalog): Promise<OpenedCatalog> => {
    const opened = await watchCatalog(catalog, {
      reporter: fanOutCatalog([
        createSourceLog(log, catalog.name),
        createSourceMetrics(metrics.sources, labelOf(catalog)),
      ]),
      prefixes: () => [settings.traefik.prefix, ...otherPrefixes],
      exposedByDefault: () => settings.traefik.exposedByDefault,
      changed,
      ...(allocations === undefined
        ? {}
        : { wrap: (source, told) => withAllocations(askingCatalog(catalog), source, allocations, told) }),
    });
    for (const warning of secretFileWarnings(sectionOf(catalog), catalog.settings, process.env)) {
      log.emit("settings.warning", warning);
    }
    return opened;
  };
  const catalogs: OpenedCatalog[] = [];
  for (const catalog of chosen) catalogs.push(await open(catalog));
  const snippets = openSnippets(() => settings, main.reports.observer, changed);
  await snippets.start();
  const adoptPorts = () => {
    core = coreSettings(settings, dynamicPorts.range().ports);
    changed();
  };
  const dynamicPorts = followDynamicPorts(() => settings, schedulers.forPorts, {
    log,
    observer: main.reports.observer,
    changed: () => adoptPorts(),
  });
  await dynamicPorts.start();
  const openPrepared = ({ plan, reports, quietWindow }: typeof main) =>
    openEdge(plan, {
      reports,
      quietWindow,
      settings,
      isConfirmed,
      catalogs,
      log,
      core: () => core,
      operatorConfig: () => snippets.operatorConfig(),
    });
  const edges: [Edge, ...Edge[]] = [await openPrepared(main)];
  for (const other of others) edges.push(await openPrepared(other));

  return {
    edges,
    catalogs,
    snippets,
    dynamicPorts,
    allocations,
    metrics,
    links: () => settings.links,
    async adopt(next) {
      const { consul, nomad, output, stateDir, listen, edges } = initial;
      refuseChartFolder({ ...next, output });
      settings = { ...next, consul, nomad, output, stateDir, listen, edges };
      log.setLevel(next.log.level);
      await Promise.all([snippets.reload(), dynamicPorts.reload()]);
      adoptPorts();
    },
    async close() {
      dynamicPorts.close();
      allocations?.close();
      schedulers.close();
      await Promise.all(catalogs.map((catalog) => catalog.close()));
    },
  };
}
