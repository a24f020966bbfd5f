import { healthOf, isChecked, isServed, weaknessOf } from "../catalog/health.ts";
import { PRODUCT_RULES } from "../catalog/product-rules.ts";
import { namespaceOf, type ServiceInstance } from "../catalog/snapshot.ts";
import type { CatalogAddress, NamedByFile } from "../operator-config/catalog-address.ts";
import { whyRefused } from "../policy/backends/backend-address.ts";
import { backendNetworks } from "../policy/backends/backend-networks.ts";
import type { Protocol } from "../ports/ledger/ledger.ts";
import { addressBytes } from "../ports/ledger/network.ts";
import { whereabouts } from "../ports/ledger/whereabouts.ts";
import { judgeAuthEndpoint } from "../ports/port-window.ts";
import type { CoreSettings } from "../settings.ts";
import { plainHost } from "../traefik/backend-url.ts";
import { type ResourceKey, splitKey, transportOf } from "../traefik/chart/dynamic-config.ts";
import { decodeExposure } from "../traefik/decode/exposure.ts";
import { labelsOf } from "../traefik/labels/labels.ts";

/** The instances of a service that a file may send requests to, and how good they are. */
export interface UsableInstances {
  /** All equally good; none where none may be used. */
  readonly instances: readonly ServiceInstance[];
  /** Whether they are healthy: an unhealthy one still has its own address, and where no other is left it is better than none. */
  readonly areHealthy: boolean;
  /** Why others may not be used at all, each reason once. */
  readonly refusals: readonly string[];
}

/**
 * Those of the best kind that there are: healthy and stable before those that start or drain, these before canaries and
 * standbys, all of these before unhealthy ones. One in maintenance, or that its scheduler stops, is none.
 *
 * That the file names the service is the operator's word for its port, as `ports.authEndpoints` is, and it need not ask for
 * routes. What the ledger calls `never`, link-local addresses, and what the policy's networks exclude stay refused.
 */
export function usableInstances(
  address: CatalogAddress & Pick<NamedByFile, "key">,
  instances: readonly ServiceInstance[],
  settings: CoreSettings,
): UsableInstances {
  const refusals = new Set<string>();
  const found = new Map<number, ServiceInstance[]>();
  for (const instance of instances) {
    if (!isNamedBy(address, instance, settings)) continue;
    const why = whyUnusable(instance, protocolOf(address.key), settings);
    if (why !== undefined) {
      refusals.add(why);
      continue;
    }
    const rank = rankOf(instance, settings);
    if (rank === undefined) refusals.add(healthOf(instance).status);
    else found.set(rank, [...(found.get(rank) ?? []), instance]);
  }
  const [best] = [...found.keys()].toSorted((one, other) => one - other);
  return {
    instances: best === undefined ? [] : (found.get(best) ?? []),
    areHealthy: best !== undefined && best < UNHEALTHY,
    refusals: [...refusals].toSorted(),
  };
}

/**
 * Whether it is an instance of the service that a file names. Without a catalog the first one of the settings is meant, and
 * without a namespace `default`, as in `allow`.
 */
export function isNamedBy(
  { service, namespace = "default", catalogName }: Pick<CatalogAddress, "service" | "namespace" | "catalogName">,
  instance: ServiceInstance,
  { catalogOrder }: Pick<CoreSettings, "catalogOrder">,
): boolean {
  return (
    instance.service === service &&
    namespaceOf(instance) === namespace &&
    instance.catalogName === (catalogName ?? catalogOrder[0])
  );
}

/** What the place that a file names a service in is asked by. */
export function protocolOf(key: ResourceKey): Protocol {
  return transportOf(splitKey(key).section);
}

function whyUnusable(instance: ServiceInstance, protocol: Protocol, settings: CoreSettings): string | undefined {
  const { ports } = settings;
  const { port } = instance;
  const written = hostOf(instance);
  const host = plainHost(written);
  if (host === "") return "no address";
  if (port < 1) return "no port";
  if (port > 65_535) return `${port} is no port`;
  if (!isHost(written)) return `${JSON.stringify(written)} is neither an address nor a name of a machine`;
  const { declared, named } = backendNetworks(instance, settings);
  const refused = whyRefused(host, declared, named);
  if (refused !== undefined) return `${host} is ${refused}`;
  const at = whereabouts(host, instance, ports.ledger);
  const verdict = judgeAuthEndpoint({ port, protocol, ...at, service: instance }, ports);
  return verdict.kind === "refused" ? verdict.message : undefined;
}

/** Where an instance is reached, without the brackets that its address may have. */
export function hostOf({ address, nodeAddress }: ServiceInstance): string {
  return (address || nodeAddress).replace(/^\[|\]$/g, "");
}

/**
 * Whether a registered text is a host and nothing else. Any text can be registered: `x@169.254.169.254` and
 * `169.254.169.254/?` are other hosts once they stand in a URL, and Traefik makes ASCII of digits of other scripts.
 */
function isHost(text: string): boolean {
  return /^[a-z0-9_.-]+$/i.test(text) || (/^[0-9a-f:.]+$/i.test(text) && addressBytes(text) !== undefined);
}

const UNHEALTHY = 3;

/** The lower, the better; undefined for one that must get no traffic. */
function rankOf(instance: ServiceInstance, settings: CoreSettings): number | undefined {
  const health = healthOf(instance);
  if (health.status === "maintenance" || health.status === "stopped") return undefined;
  const isUnchecked =
    settings.backends.requireCheck && PRODUCT_RULES[instance.catalog].tellsHealth && !isChecked(instance);
  if (isUnchecked || !isServed(health, settings.traefik.strictChecks)) return UNHEALTHY;
  if (isOnTrial(instance, settings) || instance.tags.includes("portolan.standby=true")) return 2;
  return weaknessOf(instance) === undefined ? 0 : 1;
}

function isOnTrial({ allocation, catalog, tags }: ServiceInstance, { traefik: { prefix } }: CoreSettings): boolean {
  if (allocation?.kind === "of-job") return allocation.isCanary;
  const exposure = decodeExposure(catalog, labelsOf(tags, prefix, catalog), true);
  return exposure.kind === "exposed" && exposure.markedCanary;
}
