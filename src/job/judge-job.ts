import { type CatalogSnapshot, namespaceOf, type ServiceInstance } from "../core/catalog/snapshot.ts";
import type { OperatorConfig } from "../core/operator-config/operator-config.ts";
import type { ClientPorts } from "../core/ports/dynamic-range.ts";
import { entryCovers, PROTOCOLS } from "../core/ports/ledger/ledger.ts";
import { isOwner } from "../core/ports/ledger/owner.ts";
import { surveyPorts } from "../core/ports/survey.ts";
import type { CoreSettings } from "../core/settings.ts";
import type { AskedService, JudgedService } from "./asked-service.ts";
import { judgeDeploys } from "./deploys.ts";
import { type JobFinding, portPlace } from "./finding.ts";
import { type AclState, judgeIdentities } from "./identities.ts";
import { type InChart, identity, judgeInChart } from "./in-chart.ts";
import type { Job } from "./job.ts";
import { askedServices, type Registering } from "./job-instances.ts";
import { judgeChecks } from "./service-checks.ts";
import { judgeStaticPorts } from "./static-ports.ts";
import { type ChartedCatalog, judgeWhereabouts } from "./whereabouts.ts";

/** By what a job is judged. */
export interface JobJudge extends Pick<Registering, "register"> {
  readonly settings: CoreSettings;
  /** The same for the chart of each edge; absent where there are none. */
  readonly edges?: readonly CoreSettings[];
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
 * a pass for each chart decides about all of them beside the others.
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
  const charts = [settings, ...(judge.edges ?? [])].map((of) =>
    judgeInChart(asked, { others, live, settings: of, operatorConfig: judge.operatorConfig }),
  );
  const services = asked.map((one, position) =>
    inAllCharts(
      one,
      charts.flatMap((chart) => chart[position] ?? []),
    ),
  );
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
      ...services.flatMap((one, position) => [
        ...judgeWhereabouts(one, charted),
        ...eachOnce(charts.flatMap((chart) => chart[position] ?? [])).filter(
          ({ code }) => code !== "PORT_OUTSIDE_WINDOW" || !isAtTaken(one, taken),
        ),
        ...judgeChecks(one),
      ]),
      ...judgeDeploys(job, services),
      ...judgeIdentities(job, acls),
    ],
  };
}

/** A service is asked for its check and its delay wherever it asks for a route. */
function inAllCharts(asked: AskedService, charts: readonly InChart[]): JudgedService {
  return {
    ...asked,
    isAsking: charts.some(({ isAsking }) => isAsking),
    routes: charts.flatMap(({ routes }) => routes),
  };
}

/** What is found in a chart, with the edge's name; without what an earlier one tells word by word. */
function eachOnce(charts: readonly InChart[]): readonly JobFinding[] {
  const told = new Set<string>();
  return charts.flatMap(({ edge, findings }) =>
    findings
      .filter((finding) => {
        const text = JSON.stringify(finding);
        const isNew = !told.has(text);
        told.add(text);
        return isNew;
      })
      .map((finding) => (edge === undefined ? finding : { ...finding, place: `${finding.place}, edge ${edge}` })),
  );
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
