import { systemClock } from "../base/clock.ts";
import type { Settings } from "../config/files/schema.ts";
import { coreSettings } from "../config/resolve/core-settings.ts";
import type { EventLog } from "../observe/event-log.ts";
import { createMetrics, type Metrics } from "../observe/metrics.ts";
import { createSourceTelemetry } from "../observe/source-telemetry.ts";
import { createTelemetry, MAIN_EDGE } from "../observe/telemetry.ts";
import type { Snippets } from "../snippets/snippets.ts";
import { chosenCatalogs, labelOf, sectionOf } from "./catalogs/chosen.ts";
import { secretFileWarnings } from "./catalogs/secret-files.ts";
import { type OpenedCatalog, watchCatalog } from "./catalogs/watched.ts";
import type { DynamicPorts } from "./dynamic-ports/dynamic-ports.ts";
import { followDynamicPorts } from "./dynamic-ports/followed.ts";
import { type Edge, edgePlans, edgeQuietWindow, openEdge } from "./edges/edge.ts";
import { openSnippets, refuseChartFolder } from "./operator-snippets.ts";
import { packageVersion } from "./version.ts";

/** Everything that works together in `run`, `once` and `demo`. */
export interface App {
  /** One for each chart; the main one first. */
  readonly edges: readonly [Edge, ...Edge[]];
  readonly catalogs: readonly OpenedCatalog[];
  readonly snippets: Snippets;
  readonly dynamicPorts: DynamicPorts;
  readonly metrics: Metrics;
  /** Settings that count from the next pass on; those that need a restart are ignored here. */
  adopt(settings: Settings): Promise<void>;
  close(): Promise<void>;
}

/**
 * Puts the parts together: the only place that knows concrete classes. Checks the outputs first and throws AppError (exit
 * code 78) where nothing that is written could reach Traefik.
 */
export async function assembleApp(initial: Settings, log: EventLog, isConfirmed = false): Promise<App> {
  let settings = initial;
  let core = coreSettings(initial);
  refuseChartFolder(settings);
  const chosen = chosenCatalogs(settings);
  const [unnamed = ""] = chosen.map(labelOf);
  const metrics = createMetrics();
  const plans = edgePlans(settings).map((plan) => {
    const { name: edge, file: output } = plan;
    const telemetry = createTelemetry({
      ...{ log, metrics, edge, output },
      source: unnamed,
      clock: systemClock,
      version: packageVersion(),
    });
    return { plan, telemetry, quietWindow: edgeQuietWindow(() => settings) };
  });
  const [main] = plans;
  if (main === undefined) throw new Error(`there is no ${MAIN_EDGE} chart`);
  const changed = () => {
    for (const { quietWindow } of plans) quietWindow.changed();
  };
  const otherPrefixes = initial.edges.map(({ prefix }) => prefix);
  const catalogs: OpenedCatalog[] = [];
  for (const catalog of chosen) {
    const { name } = catalog;
    const figures = metrics.ofSource(labelOf(catalog));
    const reporter = createSourceTelemetry({ log, metrics: figures, ...(name === undefined ? {} : { name }) });
    catalogs.push(
      await watchCatalog(catalog, {
        reporter,
        prefixes: () => [settings.traefik.prefix, ...otherPrefixes],
        exposedByDefault: () => settings.traefik.exposedByDefault,
        changed,
      }),
    );
    for (const warning of secretFileWarnings(sectionOf(catalog), catalog.settings, process.env))
      log.emit("settings.warning", warning);
  }
  const snippets = openSnippets(() => settings, main.telemetry, changed);
  await snippets.start();
  const dynamicPorts = await followDynamicPorts(() => settings, {
    ...{ log, telemetry: main.telemetry },
    changed: () => adoptPorts(),
  });
  const adoptPorts = () => {
    core = coreSettings(settings, dynamicPorts.range().ports);
    changed();
  };
  await dynamicPorts.start();
  const open = ({ plan, ...parts }: (typeof plans)[number]) =>
    openEdge(plan, {
      ...parts,
      settings,
      isConfirmed,
      catalogs,
      log,
      core: () => core,
      operatorConfig: () => snippets.operatorConfig(),
    });
  const edges: [Edge, ...Edge[]] = [await open(main)];
  for (const other of plans.slice(1)) edges.push(await open(other));

  return {
    edges,
    catalogs,
    snippets,
    dynamicPorts,
    metrics,
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
      await Promise.all(catalogs.map((catalog) => catalog.close()));
    },
  };
}
