import { compareBytes } from "../../go/byte-order.ts";
import { instancesOf } from "../catalog/by-catalog-name.ts";
import { type CatalogSnapshot, DEFAULT_NAMESPACE, isBelieved, type ServiceInstance } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { shellOperand } from "../diagnostics/shell-word.ts";
import { memoize, memoizeRecent } from "../incremental/memoize.ts";
import { aboutFile } from "../operator-config/assemble.ts";
import { type NamedByFile, namedByFiles } from "../operator-config/catalog-address.ts";
import type { OperatorConfig, ResolvedAddress } from "../operator-config/operator-config.ts";
import type { CoreSettings } from "../settings.ts";
import { hostPortAt, joinHostPort } from "../traefik/backend-url.ts";
import { patchConfig } from "../traefik/chart/config-patch.ts";
import {
  type ConfigObject,
  type ConfigValue,
  configObject,
  isConfigObject,
  splitKey,
  withTexts,
} from "../traefik/chart/dynamic-config.ts";
import { endpointOf, serversOf, withServers } from "../traefik/chart/servers.ts";
import { type LastAddresses, lastPlaces } from "./last-places.ts";
import { hostOf, isNamedBy, type UsableInstances, usableInstances } from "./usable-instances.ts";

/** What addresses are put in from. */
export interface AddressSources {
  readonly snapshots: readonly CatalogSnapshot[];
  readonly settings: CoreSettings;
  readonly nowMs: number;
  /** What was put in before; undefined where nothing is known of it. */
  readonly last: LastAddresses | undefined;
}

/**
 * The operator's files with addresses in place of the services of the catalog that they name: all of the best instances where a
 * load balancer lists servers, else the lowest of them by bytes, so that every node writes the same chart from the same catalog.
 *
 * | the catalog shows | put in |
 * |---|---|
 * | instances that may be used | theirs |
 * | none, also none that may not be used, and it may be that it does not show this one: it is not read, hides the namespace, or was just reset | the last address of this service, unless another one is seen there |
 * | none | no server; for what a middleware asks, a name that no machine has: it refuses every request, and lets none past |
 */
export function resolveCatalogAddresses(operatorConfig: OperatorConfig, sources: AddressSources): OperatorConfig {
  const named = namedByFiles(operatorConfig.config);
  if (named.length === 0) return operatorConfig;
  const instances = instancesOf(sources.snapshots);
  const kept = (one: NamedByFile) =>
    sources.last === undefined ? [] : lastPlaces(one, operatorConfig.config, named, sources.last);
  const resolved = named.map((one) => resolve(one, instances, kept, sources));
  return withAddresses(operatorConfig)(JSON.stringify(resolved));
}

/** Equal addresses come to the very same object: much is remembered with it. */
const withAddresses = memoize((operatorConfig: OperatorConfig) =>
  memoizeRecent(4, (text): OperatorConfig => {
    const resolved: readonly ResolvedAddress[] = JSON.parse(text);
    const patch = patchConfig(operatorConfig.config);
    for (const [key, own] of Map.groupBy(resolved, (one) => one.key)) {
      const { section, name } = splitKey(key);
      const object = operatorConfig.config[section].get(name);
      if (object !== undefined) patch.put(section, name, withAddressesIn(object, own));
    }
    const told = resolved.flatMap((one) => diagnosticsOf(one, operatorConfig.origins.get(one.key) ?? ""));
    const diagnostics = [...operatorConfig.diagnostics, ...told];
    return { ...operatorConfig, config: patch.result(), diagnostics, resolved };
  }),
);

function resolve(
  one: NamedByFile,
  all: readonly ServiceInstance[],
  lastOf: (one: NamedByFile) => readonly string[],
  sources: AddressSources,
): ResolvedAddress {
  const usable = usableInstances(one, all, sources.settings);
  const { refusals, areHealthy } = usable;
  const found = placesOf(usable);
  // An instance that is seen and may not be used says that the catalog does not hide it.
  const isMissed = found.length === 0 && refusals.length === 0 && mayBeHidden(one, sources);
  const kept = isMissed ? notOfOthers(lastOf(one), one, all, sources.settings) : [];
  const state = kept.length > 0 ? "kept" : found.length === 0 ? "none" : areHealthy ? "healthy" : "unhealthy";
  const { key, text, service, namespace, catalogName } = one;
  const where = {
    ...(namespace === undefined ? {} : { namespace }),
    ...(catalogName === undefined ? {} : { catalogName }),
  };
  const places = [...found, ...kept];
  return { key, text, service, ...where, state, refusals, places, texts: textsOf(one, places) };
}

function placesOf({ instances }: UsableInstances): readonly string[] {
  const places = instances.map((instance) => joinHostPort(hostOf(instance), String(instance.port)));
  return [...new Set(places)].toSorted(compareBytes);
}

/** What stands in place of the name, for each server; of these a middleware gets the first. */
function textsOf({ scheme, rest, key }: NamedByFile, places: readonly string[]): readonly string[] {
  const written = (place: string) => (scheme === undefined ? place : `${scheme}://${place}${rest}`);
  if (places.length > 0) return places.map(written);
  return isServers(key) ? [] : [written(NOWHERE)];
}

/**
 * No process can listen at port 0, so that what is asked there fails, and a middleware that asks lets no request past. A name that no
 * machine has would not do: some resolvers answer for every name, and so may one that a search domain or an HTTP proxy completes.
 */
const NOWHERE = "127.0.0.1:0";

function isServers(key: NamedByFile["key"]): boolean {
  return key.split("/")[1] === "services";
}

/** What a client of a service sees whose list of servers is empty: Traefik accepts a TCP connection before it looks for one. */
function withoutServer(key: NamedByFile["key"]): string {
  if (key.startsWith("tcp/")) return "it has no server: connections are closed at once";
  if (key.startsWith("udp/")) return "it has no server: what is sent gets no answer";
  return "it has no server, and answers 503";
}

/** May the service be there although its catalog does not show it? */
function mayBeHidden(
  { service, namespace = DEFAULT_NAMESPACE, catalogName }: NamedByFile,
  { snapshots, settings, nowMs }: AddressSources,
): boolean {
  const own = snapshots.filter((one) => one.catalogName === (catalogName ?? settings.catalogOrder[0]));
  return own.some((snapshot) => {
    const resetAgoMs = snapshot.indexResetAtMs === undefined ? Infinity : nowMs - snapshot.indexResetAtMs;
    return !isBelieved(snapshot, `${namespace}/${service}`) || resetAgoMs < settings.guard.resetHoldMs;
  });
}

/** Without those at which a service that is not the named one is registered by now, as far as registrations are read. */
function notOfOthers(
  places: readonly string[],
  one: NamedByFile,
  all: readonly ServiceInstance[],
  settings: CoreSettings,
): readonly string[] {
  if (places.length === 0) return places;
  const others = new Set(
    all
      .filter((instance) => !isNamedBy(one, instance, settings))
      .map(({ address, nodeAddress, port }) => hostPortAt(address || nodeAddress, port)),
  );
  return places.filter((place) => !others.has(place.toLowerCase()));
}

/** The object with the texts in place of the names: a server becomes as many as there are, anything else the first. */
function withAddressesIn(object: ConfigObject, resolved: readonly ResolvedAddress[]): ConfigObject {
  const of = new Map(resolved.map(({ text, texts }) => [text, texts]));
  const servers = serversOf(object);
  if (servers.length === 0) return withTexts(object, (text) => of.get(text)?.[0] ?? text);
  const expanded = servers.flatMap((server): readonly ConfigValue[] => {
    const texts = of.get(endpointOf(server));
    if (texts === undefined || !isConfigObject(server)) return [server];
    const field = server["url"] === undefined ? "address" : "url";
    return texts.map((text) => configObject([...Object.entries(server), [field, text]]));
  });
  return withServers(object, expanded);
}

function diagnosticsOf(
  { key, service, state, refusals, texts }: ResolvedAddress,
  origin: string,
): readonly Diagnostic[] {
  const why = refusals.length === 0 ? "" : ` (${refusals.join("; ")})`;
  const name = JSON.stringify(service);
  switch (state) {
    case "healthy":
      return [];
    case "unhealthy":
      return [
        aboutFile(origin, {
          code: "ADDRESS_UNHEALTHY",
          message: `${key} names the service ${name}, of which no instance is healthy; ${texts.join(", ")} stays in place`,
          remedy: `mend the service; its instances and their checks: portolan explain ${shellOperand(service)}`,
        }),
      ];
    case "kept":
      return [
        aboutFile(origin, {
          code: "ADDRESS_UNRESOLVED",
          message: `${key} names the service ${name}, which its catalog does not show, though it may be there; ${texts.join(", ")} of the last chart stays in place`,
          remedy: "see how the catalog answers: portolan status",
        }),
      ];
    case "none":
      return [
        aboutFile(origin, {
          code: "ADDRESS_UNRESOLVED",
          message: `${key} names the service ${name}, of which no instance may be used${why}; ${isServers(key) ? withoutServer(key) : "what it guards is refused (500) until there is one"}`,
          remedy: `register the service, or correct the name; what is known of it: portolan explain ${shellOperand(service)}`,
        }),
      ];
  }
}
