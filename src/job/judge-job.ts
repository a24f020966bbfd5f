import { type CatalogSnapshot, namespaceOf, type ServiceInstance, serviceKey } from "../core/catalog/snapshot.ts";
import type { Decision } from "../core/decision.ts";
import type { Diagnostic } from "../core/diagnostics/diagnostics.ts";
import { subjectOf } from "../core/diagnostics/finding.ts";
import { initialMemory } from "../core/memory.ts";
import type { OperatorConfig } from "../core/operator-config/operator-config.ts";
import type { ClientPorts } from "../core/ports/dynamic-range.ts";
import { entryCovers, PROTOCOLS } from "../core/ports/ledger/ledger.ts";
import { isOwner } from "../core/ports/ledger/owner.ts";
import { surveyPorts } from "../core/ports/survey.ts";
import { reconcile } from "../core/reconcile.ts";
import type { CoreSettings } from "../core/settings.ts";
import { isRouterSection, resourceKey, SECTIONS } from "../core/traefik/chart/dynamic-config.ts";
import type { AskedService, JobRoute, JudgedService } from "./asked-service.ts";
import { judgeDeploys } from "./deploys.ts";
import { type JobFinding, portPlace, servicePlace } from "./finding.ts";
import { type AclState, judgeIdentities } from "./identities.ts";
import type { Job } from "./job.ts";
import { askedServices, type Registering } from "./job-instances.ts";
import { judgeChecks } from "./service-checks.ts";
import { judgeStaticPorts } from "./static-ports.ts";
import { type ChartedCatalog, judgeWhereabouts } from "./whereabouts.ts";

/** By what a job is judged. */
export interface JobJudge extends Pick<Registering, "register"> {
  readonly settings: CoreSettings;
  readonly operatorConfig: OperatorConfig;
  /** What is registered now, of the catalogs that have answered. */
  readonly snapshots: readonly CatalogSnapshot[];
  /** What the settings chart; undefined where there are no settings. */
  readonly charted: readonly ChartedCatalog[] | undefined;
  /** Of the Nomads that have answered. */
  readonly clients: readonly ClientPorts[];
  readonly acls: AclState;
}

export interface JudgedJob {
  readonly services: readonly JudgedService[];
  readonly findings: readonly JobFinding[];
}

/**
 * What would become of a job: each of its services is registered once, in place of what is registered under its name now, and
 * a pass decides about all of them beside the others.
 */
export function judgeJob(job: Job, judge: JobJudge): JudgedJob {
  const { settings, snapshots, clients, acls } = judge;
  const { ledger } = settings.ports;
  const live = snapshots.flatMap(({ instances }) => instances);
  const charted = judge.charted ?? ANY_CATALOG;
  const asked = askedServices(job, {
    ports: settings.ports,
    taken: new Set(live.map(({ port }) => port)),
    charted: new Set(charted.map(({ kind }) => kind)),
    declaredNode: (service, port) =>
      ledger.entries.find(
        (entry) =>
          entry.nodes !== undefined &&
          PROTOCOLS.some((protocol) => entryCovers(entry, { port, protocol, node: entry.nodes?.[0] })) &&
          isOwner(entry, { service, namespace: entry.namespace ?? job.namespace }),
      )?.nodes?.[0],
    register: judge.register,
  });
  const others = without(snapshots, job, asked);
  const decision = decided(asked, others, live, judge);
  const services = asked.map((one) => judgedService(one, decision, settings.traefik.prefix));
  const survey = surveyPorts(
    others.flatMap(({ instances }) => instances),
    settings,
  );
  const ofPorts = judgeStaticPorts(job, { survey, clients });
  const taken = new Set(ofPorts.filter(({ code }) => code === "JOB_PORT_TAKEN").map(({ place }) => place));
  return {
    services,
    findings: [
      ...ofPorts,
      ...services.flatMap((one) => [
        ...judgeWhereabouts(one, charted),
        ...diagnosticsOf(one, decision)
          .filter(({ code }) => code !== "PORT_OUTSIDE_WINDOW" || !isAtTaken(one, taken))
          .map((diagnostic) => asFinding(one, diagnostic)),
        ...judgeChecks(one),
      ]),
      ...judgeDeploys(job, services),
      ...judgeIdentities(job, acls),
    ],
  };
}

/** To declare the port, as the diagnostic proposes, is no remedy where it is another owner's. */
function isAtTaken({ group, port }: AskedService, taken: ReadonlySet<string>): boolean {
  return port.kind === "registered" && port.asked !== undefined && taken.has(portPlace(group, port.asked));
}

const ANY_CATALOG: readonly ChartedCatalog[] = [
  { kind: "consul", namespaces: [] },
  { kind: "nomad", namespaces: ["*"] },
];

/** What is registered apart from the services of the job, which take the place of its own instances, whatever these are called. */
function without(
  snapshots: readonly CatalogSnapshot[],
  job: Job,
  asked: readonly AskedService[],
): readonly CatalogSnapshot[] {
  const own = new Set(asked.flatMap(({ instance }) => instance ?? []).map(identity));
  return snapshots.map((snapshot) => ({
    ...snapshot,
    instances: snapshot.instances.filter((instance) => !own.has(identity(instance)) && !isOfJob(instance, job)),
  }));
}

/** A service that the new version renames is registered by the old one, which ends before. */
function isOfJob(instance: ServiceInstance, { id, namespace }: Job): boolean {
  const { allocation, catalog, job } = instance;
  if (allocation?.kind === "of-job") return allocation.job === id && allocation.namespace === namespace;
  return catalog === "nomad" && job === id && namespaceOf(instance) === namespace;
}

function identity(instance: ServiceInstance): string {
  return `${instance.catalogName ?? ""} ${instance.catalog} ${namespaceOf(instance)}/${instance.service}`;
}

/** A pass over all of them. A service that is registered now is as old as that; a new one is the youngest. */
function decided(
  asked: readonly AskedService[],
  others: readonly CatalogSnapshot[],
  live: readonly ServiceInstance[],
  { settings, operatorConfig }: JobJudge,
): Decision {
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

function judgedService(asked: AskedService, decision: Decision, prefix: string): JudgedService {
  const { instance, service } = asked;
  if (instance === undefined) {
    // Judged by no pass, so that only its tags say whether it is meant to be routed.
    const isAsking = service.tags.some((tag) => ENABLED.test(tag) && tag.startsWith(prefix));
    return { ...asked, isAsking, routes: [] };
  }
  const routes = routesOf(serviceKey(instance), decision);
  return { ...asked, routes, isAsking: routes.length > 0 || diagnosticsOf(asked, decision).some(isRefusal) };
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

function asFinding({ group, service, canary }: JudgedService, diagnostic: Diagnostic): JobFinding {
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
