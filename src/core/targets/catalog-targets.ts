import { labelOf } from "../catalog/instance-label.ts";
import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose } from "../diagnostics/finding.ts";
import { foundAmong } from "../incremental/found-among.ts";
import { memoize } from "../incremental/memoize.ts";
import type { CoreSettings } from "../settings.ts";
import { hostPortAt, plainHost } from "../traefik/backend-url.ts";
import { decodeMetricsTags, mayHaveMetrics } from "./metrics-tags.ts";
import type { ScrapeTarget } from "./target.ts";
import { type HoldersOf, type NotScraped, type WantedTarget, whyAnothers, whyNotScraped } from "./why-not-scraped.ts";

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
  for (const judged of askingBy(settings)(instances)) {
    if (judged.kind === "refused") {
      diagnostics.push(...judged.diagnostics);
      continue;
    }
    const why = whyAnothers(judged, holdersOf);
    if (why === undefined) targets.push(judged.target);
    else diagnostics.push(notScraped(judged.instance, why));
  }
  return { targets, diagnostics };
}

/** What an instance comes to by itself, without the others that are registered. */
type Judged =
  | { readonly kind: "refused"; readonly diagnostics: readonly Diagnostic[] }
  | ({ readonly kind: "wanted"; readonly target: ScrapeTarget } & WantedTarget);

/** What the instances come to whose tags say that they have metrics. */
const askingBy = memoize((settings: CoreSettings) => foundAmong(metricsJudge(settings)));

/** Judges an instance by itself, if its tags say that it has metrics. Remembered: each pass asks of thousands, and few are new. */
export const metricsJudge = memoize((settings: CoreSettings) =>
  memoize((instance: ServiceInstance): Judged | undefined => {
    if (!mayHaveMetrics(instance.tags)) return undefined;
    const tags = decodeMetricsTags(instance.tags, instance.catalog);
    if (tags.kind === "none") return undefined;
    if (tags.kind === "refused") {
      const diagnostics = tags.problems.map((problem) => diagnose(instance, { ...problem, code: "METRICS_REFUSED" }));
      return { kind: "refused", diagnostics };
    }
    const wanted = { instance, host: hostOf(instance), port: tags.port ?? instance.port };
    const why = whyNotScraped(wanted, settings);
    if (why !== undefined) return { kind: "refused", diagnostics: [notScraped(instance, why)] };
    const { path, scheme } = tags;
    const address = hostPortAt(wanted.host, wanted.port);
    return { kind: "wanted", ...wanted, target: { address, path, scheme, source: "catalog", of: factsOf(instance) } };
  }),
);

function notScraped(instance: ServiceInstance, { message, remedy }: NotScraped): Diagnostic {
  return diagnose(instance, {
    code: "METRICS_REFUSED",
    message: `its metrics are not scraped: ${message}`,
    remedy,
  });
}

function hostOf({ address, nodeAddress }: ServiceInstance): string {
  return plainHost(address || nodeAddress);
}

/** Made when it is first asked for: few instances name another port than their own. */
function createHolders(instances: readonly ServiceInstance[]): HoldersOf {
  let byPlace: ReadonlyMap<string, readonly ServiceInstance[]> | undefined;
  return (host, port) => {
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
