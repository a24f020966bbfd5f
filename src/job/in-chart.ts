import { type CatalogSnapshot, namespaceOf, type ServiceInstance, serviceKey } from "../core/catalog/snapshot.ts";
import type { Decision } from "../core/decision.ts";
import type { Diagnostic } from "../core/diagnostics/diagnostics.ts";
import { subjectOf } from "../core/diagnostics/finding.ts";
import { initialMemory } from "../core/memory.ts";
import type { OperatorConfig } from "../core/operator-config/operator-config.ts";
import { reconcile } from "../core/reconcile.ts";
import { type CoreSettings, MAIN_EDGE } from "../core/settings.ts";
import { isRouterSection, resourceKey, SECTIONS } from "../core/traefik/chart/dynamic-config.ts";
import type { AskedService, JobRoute, JudgedService } from "./asked-service.ts";
import { type JobFinding, servicePlace } from "./finding.ts";

/** By what and beside what one chart is decided. */
export interface ChartBeside {
  readonly settings: CoreSettings;
  readonly operatorConfig: OperatorConfig;
  /** What is registered apart from the job. */
  readonly others: readonly CatalogSnapshot[];
  /** What is registered now, with what the job has registered. */
  readonly live: readonly ServiceInstance[];
}

/** What becomes of a service of the job in one chart. */
export interface InChart extends Pick<JudgedService, "isAsking" | "routes"> {
  /** The edge whose chart it is; absent for the main one. */
  readonly edge?: string;
  /** Of its tags, hosts and policy. */
  readonly findings: readonly JobFinding[];
}

/** What would become of the services of a job in one chart, in their order. */
export function judgeInChart(asked: readonly AskedService[], beside: ChartBeside): readonly InChart[] {
  const decision = decided(asked, beside);
  return asked.map((one) => judgedService(one, decision, beside.settings));
}

/** By what the instances of one service are found again. */
export function identity(instance: ServiceInstance): string {
  return `${instance.catalogName ?? ""} ${instance.catalog} ${namespaceOf(instance)}/${instance.service}`;
}

/** A pass over all of them. A service that is registered now is as old as that; a new one is the youngest. */
function decided(asked: readonly AskedService[], { others, live, settings, operatorConfig }: ChartBeside): Decision {
  const since = new Map<string, number>();
  for (const instance of live) {
    const name = identity(instance);
    since.set(name, Math.min(since.get(name) ?? Infinity, instance.createIndex));
  }
  const added = asked
    .flatMap(({ instance, canary }) => [instance, canary].filter((one) => one !== undefined))
    .map((one) => ({ ...one, createIndex: since.get(identity(one)) ?? Number.MAX_SAFE_INTEGER }));
  const catalogs = new Map<string | undefined, CatalogSnapshot>(others.map((one) => [one.catalogName, one]));
  for (const [catalogName, instances] of Map.groupBy(added, (one) => one.catalogName)) {
    const named = catalogName === undefined ? {} : { catalogName };
    const there = catalogs.get(catalogName) ?? { ...named, ...NO_SNAPSHOT };
    catalogs.set(catalogName, { ...there, instances: [...there.instances, ...instances] });
  }
  return reconcile({
    operatorConfig,
    snapshots: [...catalogs.values()],
    previous: initialMemory(undefined),
    settings,
    nowMs: 0,
  });
}

const NO_SNAPSHOT: CatalogSnapshot = { source: "command line", instances: [], freshness: "live", readAtMs: 0 };

function judgedService(asked: AskedService, decision: Decision, { edge, traefik }: CoreSettings): InChart {
  const { instance, service } = asked;
  const named = edge === MAIN_EDGE ? {} : { edge };
  if (instance === undefined) {
    // Judged by no pass, so that only its tags say whether it is meant to be routed.
    const isAsking = service.tags.some((tag) => ENABLED.test(tag) && tag.startsWith(traefik.prefix));
    return { ...named, isAsking, routes: [], findings: [] };
  }
  const routes = routesOf(serviceKey(instance), decision).map((route) => ({ ...route, ...named }));
  const diagnostics = diagnosticsOf(asked, decision);
  const findings = diagnostics.map((diagnostic) => asFinding(asked, diagnostic));
  return { ...named, isAsking: routes.length > 0 || diagnostics.some(isRefusal), routes, findings };
}

function isRefusal({ severity }: Diagnostic): boolean {
  return severity === "error";
}

const ENABLED = /\.enable\s*=\s*true$/i;

function routesOf(key: string, { chart, memory }: Decision): readonly JobRoute[] {
  return SECTIONS.filter(isRouterSection).flatMap((section) =>
    [...chart[section]]
      .filter(([name]) => memory.owners.get(resourceKey(section, name))?.service === key)
      .map(([name, router]) => ({
        key: resourceKey(section, name),
        rule: String(router["rule"] ?? ""),
        entryPoints: Array.isArray(router["entryPoints"]) ? router["entryPoints"].map(String) : [],
      })),
  );
}

/** Who else has a static port is told of the port itself, for every node. */
const ABOUT_PORTS = ["PORT_SQUATTED", "PORT_CONFLICT"];

function diagnosticsOf({ instance, canary, port }: AskedService, { diagnostics }: Decision): readonly Diagnostic[] {
  const own = [instance, canary].filter((one) => one !== undefined);
  const subjects = own.map(subjectOf);
  const isStatic = port.kind === "registered" && port.asked?.static !== undefined;
  return diagnostics.filter(
    ({ code, subject }) =>
      !(isStatic && ABOUT_PORTS.includes(code)) &&
      subjects.some(
        (one) =>
          one.service === subject.service &&
          one.catalog === subject.catalog &&
          (subject.instance === one.instance || subject.instance === ""),
      ),
  );
}

function asFinding({ group, service, canary }: AskedService, diagnostic: Diagnostic): JobFinding {
  const { code, severity, subject, message, remedy } = diagnostic;
  const isCanary = canary !== undefined && subject.instance === subjectOf(canary).instance;
  return {
    code,
    severity,
    place: `${servicePlace(group, service)}${isCanary ? ", canary_tags" : ""}`,
    message,
    remedy,
    ...(subject.tag === undefined ? {} : { tag: subject.tag }),
    ...(subject.spot === undefined ? {} : { spot: subject.spot }),
  };
}
