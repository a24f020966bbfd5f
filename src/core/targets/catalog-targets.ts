import { labelOf } from "../catalog/instance-label.ts";
import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose } from "../diagnostics/finding.ts";
import { memoize } from "../incremental/memoize.ts";
import type { CoreSettings } from "../settings.ts";
import { hostPortAt, plainHost } from "../traefik/backend-url.ts";
import { decodeMetricsTags, type MetricsTags, mayHaveMetrics } from "./metrics-tags.ts";
import type { ScrapeTarget } from "./target.ts";
import { whyNotScraped } from "./why-not-scraped.ts";

export interface CatalogTargets {
  readonly targets: readonly ScrapeTarget[];
  /** Why instances that have metrics by their tags are no targets. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The instances whose tags say that they have metrics, whatever their health: that one is down is what Prometheus should see.
 * Each is one target, at its own address.
 */
export function catalogTargets(instances: readonly ServiceInstance[], settings: CoreSettings): CatalogTargets {
  const targets: ScrapeTarget[] = [];
  const diagnostics: Diagnostic[] = [];
  const holdersOf = createHolders(instances);
  for (const instance of instances) {
    const tags = metricsOf(instance);
    if (tags.kind === "none") continue;
    if (tags.kind === "refused") {
      for (const problem of tags.problems)
        diagnostics.push(diagnose(instance, { ...problem, code: "METRICS_REFUSED" }));
      continue;
    }
    const host = hostOf(instance);
    const port = tags.port ?? instance.port;
    const why = whyNotScraped({ instance, host, port, holdersOf }, settings);
    if (why !== undefined) {
      diagnostics.push(
        diagnose(instance, {
          code: "METRICS_REFUSED",
          message: `its metrics are not scraped: ${why.message}`,
          remedy: why.remedy,
        }),
      );
      continue;
    }
    const { path, scheme } = tags;
    targets.push({ address: hostPortAt(host, port), path, scheme, source: "catalog", of: factsOf(instance) });
  }
  return { targets, diagnostics };
}

const NONE: MetricsTags = { kind: "none" };

/** Remembered for each instance: there are thousands, and few have metrics by their tags. */
const metricsOf = memoize(
  ({ tags, catalog }: ServiceInstance): MetricsTags => (mayHaveMetrics(tags) ? decodeMetricsTags(tags, catalog) : NONE),
);

function hostOf({ address, nodeAddress }: ServiceInstance): string {
  return plainHost(address || nodeAddress);
}

/** Made when it is first asked for: few instances name another port than their own. */
function createHolders(instances: readonly ServiceInstance[]) {
  let byPlace: ReadonlyMap<string, readonly ServiceInstance[]> | undefined;
  return (host: string, port: number): readonly ServiceInstance[] => {
    byPlace ??= Map.groupBy(instances, (instance) => hostPortAt(hostOf(instance), instance.port));
    return byPlace.get(hostPortAt(host, port)) ?? [];
  };
}

function factsOf(instance: ServiceInstance): ScrapeTarget["of"] {
  const { service, namespace, datacenter, catalogName } = instance;
  const { node, job, group, task, allocation, toldBy } = labelOf(instance);
  // A task that its Nomad denies is no fact.
  const nomad = toldBy === "refuted" ? {} : { job, group, task, allocation };
  const facts = { service, namespace, node, datacenter, catalog: catalogName, ...nomad };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && value !== ""));
}
