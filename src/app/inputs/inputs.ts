import { systemClock } from "../../base/clock.ts";
import type { Settings } from "../../config/files/schema.ts";
import { coreSettings } from "../../config/resolve/core-settings.ts";
import { NO_OPERATOR_CONFIG, type OperatorConfig } from "../../core/operator-config/operator-config.ts";
import type { CoreSettings } from "../../core/settings.ts";
import type { EventLog } from "../../observe/log/event-log.ts";
import type { CatalogObserver, DaemonObserver } from "../../observe/observer.ts";
import type { Snippets } from "../../snippets/snippets.ts";
import type { Allocations } from "../allocations/allocations.ts";
import { askingCatalog, followAllocations } from "../allocations/followed.ts";
import { withAllocations } from "../allocations/with-allocations.ts";
import { type ChosenCatalog, chosenCatalogs, sectionOf } from "../catalogs/chosen.ts";
import { secretFileWarnings } from "../catalogs/secret-files.ts";
import { type OpenedCatalog, watchCatalog } from "../catalogs/watched.ts";
import type { DynamicPorts } from "../dynamic-ports/dynamic-ports.ts";
import { followDynamicPorts } from "../dynamic-ports/followed.ts";
import { openSchedulers } from "../schedulers/open-schedulers.ts";
import type { StateAccess } from "../stored-state/state-access.ts";
import { type ConfigInForce, createConfigInForce } from "./config-in-force.ts";
import { isNamedByFiles, readNamedServices } from "./named-services.ts";
import { openSnippets, readOperatorConfig, refuseUndefinedDefaults } from "./operator-snippets.ts";

/** What all charts are decided by, as it is at any time. */
export interface Inputs {
  readonly catalogs: readonly OpenedCatalog[];
  readonly snippets: Snippets;
  readonly dynamicPorts: DynamicPorts;
  /** Undefined where there is no Nomad to ask. */
  readonly allocations: Allocations | undefined;
  /** The settings in force, with the ports that are dynamic now. */
  core(): CoreSettings;
  /** What the operator defines in settings and snippets. */
  operatorConfig(): OperatorConfig;
  /** These settings count from now on. Throws AppError (exit code 78), and keeps the old ones, where a default middleware is defined nowhere. */
  adopt(settings: Settings): Promise<void>;
  close(): Promise<void>;
}

export interface InputsParts {
  readonly log: EventLog;
  /** Is told of the state files of snippets and ports. */
  readonly observer: DaemonObserver;
  readonly access: StateAccess;
  catalogObserver(catalog: ChosenCatalog): CatalogObserver;
  /** Called when anything may be other than before. */
  changed(): void;
}

/** Opens all that charts are decided by. Throws AppError (exit code 78) where a TLS file cannot be used, or a default middleware is defined nowhere. */
export async function openInputs(
  initial: Settings,
  { log, observer, access, catalogObserver, changed }: InputsParts,
): Promise<Inputs> {
  let settings = initial;
  let core = coreSettings(initial);
  const schedulers = await openSchedulers(initial, log);
  const allocations = followAllocations(schedulers.forAllocations, log);
  const otherPrefixes = initial.edges.map(({ prefix }) => prefix);
  let snippets: Snippets | undefined;
  let inForce: ConfigInForce | undefined;
  const latest = () => snippets?.operatorConfig() ?? NO_OPERATOR_CONFIG;
  const firstCatalog = chosenCatalogs(initial)[0]?.name;
  const open = async (catalog: ChosenCatalog): Promise<OpenedCatalog> => {
    const opened = await watchCatalog(catalog, {
      reporter: catalogObserver(catalog),
      prefixes: () => [settings.traefik.prefix, ...otherPrefixes],
      exposedByDefault: () => settings.traefik.exposedByDefault,
      // Also what counts while a change of the files waits for its services.
      isNamed: (service) =>
        [latest(), inForce?.operatorConfig() ?? NO_OPERATOR_CONFIG].some((files) =>
          isNamedByFiles(files, catalog, catalog.name === firstCatalog, service),
        ),
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
  for (const catalog of chosenCatalogs(initial)) catalogs.push(await open(catalog));
  const ended = new AbortController();
  snippets = openSnippets(() => settings, {
    ...{ observer, access },
    changed: () => (inForce === undefined ? changed() : inForce.follow()),
  });
  await snippets.start();
  inForce = createConfigInForce({
    latest,
    readNamed: (signal) => readNamedServices(catalogs, signal),
    clock: systemClock,
    signal: ended.signal,
    changed,
  });
  const { operatorConfig, settled } = inForce;
  refuseUndefinedDefaults(initial, operatorConfig());
  const adoptPorts = () => {
    core = coreSettings(settings, dynamicPorts.range().ports, dynamicPorts.nodeNames());
    changed();
  };
  const dynamicPorts = followDynamicPorts(() => settings, schedulers.forPorts, {
    ...{ log, observer, access },
    changed: () => adoptPorts(),
  });
  await dynamicPorts.start();

  return {
    catalogs,
    snippets,
    dynamicPorts,
    allocations,
    core: () => core,
    operatorConfig,
    async adopt(next) {
      // What counts now may be the last good version of a snippet that is broken.
      refuseUndefinedDefaults(next, snippets.operatorConfig(), await readOperatorConfig(next));
      settings = next;
      await snippets.reload();
      // Settings and files count together: a default middleware may be defined by the files as they are now.
      await settled();
      await dynamicPorts.reload();
      adoptPorts();
    },
    async close() {
      ended.abort();
      dynamicPorts.close();
      allocations?.close();
      schedulers.close();
      await Promise.all(catalogs.map((catalog) => catalog.close()));
    },
  };
}
