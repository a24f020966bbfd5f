import { namespaceOf } from "../catalog/snapshot.ts";
import { type NamedByFile, namesCatalog } from "../operator-config/catalog-address.ts";
import type { ResolvedAddress } from "../operator-config/operator-config.ts";
import { hostPortAt, parseBackendUrl, parseEndpoint } from "../traefik/backend-url.ts";
import { type DynamicConfig, type ResourceKey, splitKey } from "../traefik/chart/dynamic-config.ts";
import { connectionsOf } from "../traefik/connections/connections.ts";
import { protocolOf } from "./usable-instances.ts";

/** What was put in before, and the chart that is published. */
export interface LastAddresses {
  /** What the last pass put in; none before the first pass of a process. */
  readonly resolved: readonly ResolvedAddress[];
  /** Undefined before there is one. */
  readonly published: DynamicConfig | undefined;
  /** The names in it that the operator defined: any other is a tenant's, and says nothing of a service that a file names. */
  readonly operatorNames: ReadonlyMap<ResourceKey, unknown>;
}

/**
 * The places, `HOST:PORT`, that a name in a file stood for last: those that the last pass put in for the same service, else
 * those of the operator's own object in the published chart, after a restart and where a file had an address itself.
 *
 * @param config the operator's files as they are now
 * @param named what they name
 */
export function lastPlaces(
  one: NamedByFile,
  config: DynamicConfig,
  named: readonly NamedByFile[],
  { resolved, published, operatorNames }: LastAddresses,
): readonly string[] {
  const before = resolved.find((other) => isSameService(one, other) && protocolOf(one.key) === protocolOf(other.key));
  if (before !== undefined) return before.places;
  const isNew = resolved.every(({ key }) => key !== one.key);
  // Of two names that are written alike but for the service, the chart does not say which stood where.
  const isAlone = named.every(
    (other) => other.key !== one.key || !isWrittenAlike(one, other) || isSameService(one, other),
  );
  return isNew && isAlone && operatorNames.has(one.key) ? publishedPlaces(one, config, published) : [];
}

/** The places of the published object that are written as this name would be, but for those that the file has itself. */
function publishedPlaces(
  { key, scheme, rest }: NamedByFile,
  config: DynamicConfig,
  published: DynamicConfig | undefined,
): readonly string[] {
  const { section, name } = splitKey(key);
  const object = published?.[section].get(name);
  const present = config[section].get(name);
  if (object === undefined || present === undefined) return [];
  const own = new Set(connectionsOf(section, present).map(({ text }) => text));
  return connectionsOf(section, object).flatMap(({ text }) => {
    const target = scheme === undefined ? parseEndpoint(text) : parseBackendUrl(text);
    if (target === undefined || target.port === 0 || namesCatalog(text) || own.has(text)) return [];
    const place = hostPortAt(target.host, target.port);
    const written = scheme === undefined ? place : `${scheme}://${place}${rest}`;
    return written.toLowerCase() === text.toLowerCase() ? [place] : [];
  });
}

type Named = Pick<ResolvedAddress, "service" | "namespace" | "catalogName">;

function isSameService(one: Named, other: Named): boolean {
  return (
    one.service === other.service &&
    namespaceOf({ namespace: one.namespace ?? "" }) === namespaceOf({ namespace: other.namespace ?? "" }) &&
    one.catalogName === other.catalogName
  );
}

function isWrittenAlike(one: NamedByFile, other: NamedByFile): boolean {
  return one.scheme === other.scheme && one.rest === other.rest;
}
