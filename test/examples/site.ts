import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { readCatalogs } from "../../src/app/catalogs/read-catalogs-once.ts";
import { readDynamicPorts } from "../../src/app/dynamic-ports/read-dynamic-ports-once.ts";
import { readCatalogs as readingOf } from "../../src/app/explain/read-catalogs.ts";
import { readOperatorConfig } from "../../src/app/inputs/operator-snippets.ts";
import type { Settings } from "../../src/config/files/schema.ts";
import { loadSettings } from "../../src/config/load.ts";
import { coreSettings } from "../../src/config/resolve/core-settings.ts";
import type { CatalogSnapshot, ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import type { Decision } from "../../src/core/decision.ts";
import { explainLegacy } from "../../src/core/explain/legacy/legacy.ts";
import type { LegacyAnswer } from "../../src/core/explain/legacy/legacy-answer.ts";
import { initialMemory } from "../../src/core/memory.ts";
import type { DynamicRange } from "../../src/core/ports/dynamic-range.ts";
import { clientNodes } from "../../src/core/ports/firewall/client-nodes.ts";
import type { FirewallPlan } from "../../src/core/ports/firewall/node-firewall.ts";
import type { ObservedPort } from "../../src/core/ports/observed-port.ts";
import { type PortSurvey, surveyPorts } from "../../src/core/ports/survey.ts";
import { reconcile } from "../../src/core/reconcile.ts";
import type { Policy } from "../../src/core/settings.ts";
import { staticPortsOf } from "../../src/core/static-entries/static-places.ts";
import { scrapeTargets } from "../../src/core/targets/scrape-targets.ts";
import { placeOfMetrics } from "../../src/core/targets/target.ts";
import { parseChart } from "../../src/core/traefik/chart/parse-chart.ts";
import { endpointOf, serversOf } from "../../src/core/traefik/chart/servers.ts";
import { createNomadCatalog } from "../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../src/simulator/nomad/server.ts";
import { type CatalogServer, startCatalogServer } from "../../src/simulator/server.ts";
import { type Catalog, createCatalog } from "../../src/simulator/state/catalog.ts";
import type { Registration } from "../../src/simulator/state/registration.ts";
import { NOW_MS, snapshot } from "../builders/world.ts";

const ROOT = join(import.meta.dirname, "../..");

/** What portolan makes of an example: its settings, ledger, policy, catalogs and Nomads, read over HTTP like any other. */
export interface ExampleSite {
  readonly decision: Decision;
  readonly survey: PortSurvey;
  /** The same with what is observed beside the catalogs. */
  surveyWith(observed: readonly ObservedPort[]): PortSurvey;
  readonly range: DynamicRange;
  /** What the firewalls of its nodes are made of. */
  readonly firewall: FirewallPlan;
  /** Routers of HTTP with the servers behind them, as the chart's text has them. */
  readonly routes: Readonly<Record<string, readonly string[]>>;
  /** Where Prometheus is told that metrics are, as URLs. */
  readonly scraped: readonly string[];
  /** `CODE service`, in order. */
  readonly diagnosed: readonly string[];
  /** What is left to migrate. */
  legacy(): LegacyAnswer;
}

/**
 * Plays the site of `deploy/examples/NAME`.
 *
 * @param more registrations beside those of its catalog, in place of those of the same node and name
 * @param policy in place of its own; `none`: without one
 * @param snippets a folder in place of its own
 */
export async function playExample(
  name: string,
  more: readonly Registration[] = [],
  policy?: Policy | "none",
  snippets?: string,
): Promise<ExampleSite> {
  const folder = `deploy/examples/${name}`;
  const written = await loadSettings({ settings: `${folder}/portolan.yml` }, {});
  const servers = await startCatalogs(name, written, more);
  const nomad = await startNomadServer({ catalog: createNomadCatalog() });
  try {
    const { loadedPolicy = undefined, ...reached } = withConsulsAt(
      servers.map(({ url }) => url),
      withNomadAt(nomad.url, written),
    );
    const inForce = policy === "none" ? undefined : (policy ?? loadedPolicy);
    const settings = { ...reached, ...(snippets && { snippets }), ...(inForce && { loadedPolicy: inForce }) };
    const { range } = await readDynamicPorts(settings);
    const core = coreSettings(settings, range.ports);
    const instances = await readCatalogs(settings);
    const snapshots = snapshotsOf(written, instances);
    const operatorConfig = await readOperatorConfig(settings);
    const decision = reconcile({
      snapshots,
      previous: initialMemory(undefined),
      settings: core,
      nowMs: NOW_MS,
      operatorConfig,
    });
    const survey = surveyPorts(instances, core, staticPortsOf(operatorConfig));
    return {
      decision,
      survey,
      surveyWith: (observed) => surveyPorts(instances, core, staticPortsOf(operatorConfig), observed),
      range,
      firewall: { ...survey, clientsOf: clientNodes(instances, survey.ledger) },
      routes: routesOf(decision),
      scraped: scrapeTargets([snapshot(instances)], core).map(placeOfMetrics),
      diagnosed: decision.diagnostics.map(({ code, subject }) => `${code} ${subject.service}`).toSorted(),
      legacy: () =>
        explainLegacy({
          ...{ decision, snapshots, settings: core, nowMs: NOW_MS, output: written.output.file },
          catalogs: readingOf(written),
        }),
    };
  } finally {
    await Promise.all([...servers, nomad].map((server) => server.close()));
  }
}

/** One for each catalog of the settings, as a daemon has them. */
function snapshotsOf({ catalogs }: Settings, instances: readonly ServiceInstance[]): readonly CatalogSnapshot[] {
  if (catalogs === undefined) return [snapshot(instances)];
  return catalogs.map(({ name: catalogName }) =>
    snapshot(
      instances.filter((one) => one.catalogName === catalogName),
      { catalogName },
    ),
  );
}

/** A Consul for each catalog of the settings, in their order, with the registrations of the site's `catalog.yml` and these. */
export async function startCatalogs(
  name: string,
  { catalogs }: Settings,
  more: readonly Registration[] = [],
): Promise<readonly CatalogServer[]> {
  const file = join(ROOT, "deploy/examples", name, "catalog.yml");
  const registrations = [...(load(readFileSync(file, "utf8")) as Registration[]), ...more];
  const datacenters = catalogs?.map((catalog) => catalog.name) ?? ["dc1"];
  return Promise.all(
    datacenters.map((datacenter) =>
      startCatalogServer({
        catalog: catalogOf(
          datacenter,
          registrations.filter(({ Datacenter = datacenters[0] }) => Datacenter === datacenter),
        ),
      }),
    ),
  );
}

function catalogOf(datacenter: string, registrations: readonly Registration[]): Catalog {
  const catalog = createCatalog({ datacenter });
  // The server's own registration, which no site of the examples has.
  catalog.deregister({ Node: "consul-server" });
  for (const one of registrations) catalog.register(one);
  return catalog;
}

/** Each Consul of the settings is the one of the same place. */
function withConsulsAt(addresses: readonly string[], settings: Settings): Settings {
  const [address = settings.consul.address] = addresses;
  const { catalogs } = settings;
  if (catalogs === undefined) return { ...settings, consul: { ...settings.consul, address } };
  const moved = catalogs.map((one, i) =>
    one.consul === undefined ? one : { ...one, consul: { ...one.consul, address: addresses[i] ?? address } },
  );
  return { ...settings, catalogs: moved };
}

/** Nomads that are asked for their ports are all this one. */
function withNomadAt(address: string, settings: Settings): Settings {
  const { schedulers } = settings;
  if (schedulers === undefined) return settings;
  return { ...settings, schedulers: schedulers.map((one) => ({ ...one, address })) };
}

function routesOf({ text }: Decision): ExampleSite["routes"] {
  const chart = parseChart(text);
  if (chart === undefined) throw new Error("the chart is none");
  return Object.fromEntries(
    [...chart["http/routers"]].map(([name, router]) => {
      const service = chart["http/services"].get(String(router["service"]));
      return [name, service === undefined ? [] : serversOf(service).map(endpointOf)];
    }),
  );
}
