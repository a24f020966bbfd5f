import type { ServiceInstance } from "../catalog/snapshot.ts";
import { memoize, memoizeRecent } from "../incremental/memoize.ts";
import type { Translated, TranslatedServices } from "../instances/instance-state.ts";
import { type Demand, demandOf } from "../policy/required-middlewares.ts";
import { knownNodeOf } from "../ports/ledger/ledger.ts";
import { addressBytes, isLoopback } from "../ports/ledger/network.ts";
import type { CoreSettings } from "../settings.ts";
import { hostPortAt, parseBackendUrl, parseEndpoint, plainHost } from "../traefik/backend-url.ts";
import { type DynamicConfig, kindOf, SECTIONS } from "../traefik/chart/dynamic-config.ts";
import { endpointOf, serversOf } from "../traefik/chart/servers.ts";

/**
 * What the policy demands of routers to a server because of where that is, undefined where its address is none, and of
 * the service, by its key, that it is of.
 */
export type DemandsOfPlace = (place: Place | undefined, service: string | undefined) => ReadonlySet<Demand>;

/**
 * Finds what is demanded of routers to a server because a service under a demand is, or may be, at its place:
 *
 * | the server is | it counts |
 * |---|---|
 * | where the service is registered: at its address, a tagged one, its node's by the catalog or the ledger; or where its tags say | yes, also where others were registered before |
 * | at loopback or at the name of a host, on a port of the service's, or the service is at one | yes: which machine that is, is not known |
 * | where an instance of the server's own service is registered | no: no service takes another's routes away by registering at its place |
 *
 * @param waiting instances that are registered and do not count yet: they listen all the same
 */
export function demandingPlaces(
  services: TranslatedServices,
  waiting: readonly Translated[],
  settings: CoreSettings,
): DemandsOfPlace {
  const atPlace = new Map<string, Set<Demand>>();
  // By the port alone: all of them, and those of which the machine is not known.
  const anywhere = new Map<number, Set<Demand>>();
  const somewhere = new Map<number, Set<Demand>>();
  const demandedIn = demandedBy(settings);
  const addAll = (own: readonly Translated[]) => {
    for (const { demand, place } of demandedIn(own)) {
      add(atPlace, place.key, demand);
      add(anywhere, place.port, demand);
      if (!place.isOneMachine) add(somewhere, place.port, demand);
    }
  };
  for (const own of services.values()) addAll(own);
  addAll(waiting);
  return (place, service) => {
    if (place === undefined) return NONE;
    const { key, port, isOneMachine } = place;
    const found = (isOneMachine ? atPlace.get(key) : anywhere.get(port)) ?? NONE;
    const besides = (isOneMachine ? somewhere.get(port) : undefined) ?? NONE;
    if (found.size === 0 && besides.size === 0) return NONE;
    if (registeredKeys(services.get(service ?? "") ?? NO_INSTANCES).has(key)) return NONE;
    return besides.size === 0 ? found : new Set([...found, ...besides]);
  };
}

function add<Key>(demands: Map<Key, Set<Demand>>, key: Key, demand: Demand): void {
  const known = demands.get(key);
  if (known === undefined) demands.set(key, new Set([demand]));
  else known.add(demand);
}

/** Is the server at an address in plain form, as instances are registered? */
export function isAtPlainAddress(endpoint: string): boolean {
  const place = placeOfServer(endpoint);
  return place?.isOneMachine === true && !/ffff:|64:ff9b:/i.test(endpoint);
}

interface DemandedPlace {
  readonly demand: Demand;
  readonly place: Place;
}

/** Where one service is under a demand; remembered for the very list of its instances: in a pass few of thousands are new. */
const demandedBy = memoize(({ policy, ports: { ledger } }: CoreSettings) =>
  memoize((own: readonly Translated[]): readonly DemandedPlace[] => {
    const places = own.flatMap(({ instance, state }) => {
      const demand = demandOf(instance, policy);
      if (demand === undefined) return [];
      const node = knownNodeOf(ledger, instance);
      const all = [
        ...registeredPlaces(instance),
        ...placesAt(instance.nodeAddress, instance.port),
        ...placesAt((node === undefined ? undefined : ledger.nodes.get(node)) ?? "", instance.port),
        ...("fragment" in state && state.fragment !== undefined ? serverPlaces(state.fragment.config) : []),
      ];
      // Nearly always they are all the same one.
      return [...new Map(all.map((place) => [place.key, place])).values()].map((place) => ({ demand, place }));
    });
    return places.length === 0 ? NOWHERE : places;
  }),
);

const NOWHERE: readonly DemandedPlace[] = [];
const NONE: ReadonlySet<Demand> = new Set();
const NO_INSTANCES: readonly Translated[] = [];

/** Where a server is, or an instance. */
export interface Place {
  readonly key: string;
  readonly port: number;
  /** The host is an address, and means the same machine to all; not so a name, nor loopback. */
  readonly isOneMachine: boolean;
}

/** Where an instance is by its registration: its address, else its node's, and its tagged addresses. */
const registeredPlaces = memoize(
  ({ address, nodeAddress, port, taggedAddresses }: ServiceInstance): readonly Place[] => [
    ...placesAt(address || nodeAddress, port),
    ...Object.values(taggedAddresses).flatMap((tagged) => placesAt(tagged.address, tagged.port || port)),
  ],
);

/** Is an instance of these registered at the place: at its address, else its node's, or a tagged one? */
export function isRegisteredAt({ key }: Place, instance: ServiceInstance): boolean {
  return registeredPlaces(instance).some((place) => place.key === key);
}

/** Where the instances of a service are registered. */
const registeredKeys = memoize(
  (own: readonly Translated[]): ReadonlySet<string> =>
    new Set(own.flatMap(({ instance }) => registeredPlaces(instance).map(({ key }) => key))),
);

/** Where the servers are that the tags of an instance make. */
function serverPlaces(config: DynamicConfig): readonly Place[] {
  return SECTIONS.filter((section) => kindOf(section) === "services").flatMap((section) =>
    [...config[section].values()]
      .flatMap(serversOf)
      .map((server) => placeOfServer(endpointOf(server)))
      .filter((place) => place !== undefined),
  );
}

/** @param endpoint a URL or `HOST:PORT` */
export function placeOfServer(endpoint: string): Place | undefined {
  const target = parseBackendUrl(endpoint) ?? parseEndpoint(endpoint);
  return target && placeAt(target.host, target.port);
}

/** None where a catalog gives no address. */
function placesAt(address: string, port: number): readonly Place[] {
  return address === "" ? [] : [placeAt(address, port)];
}

function placeAt(address: string, port: number): Place {
  const { text, isOneMachine } = hostAt(address);
  return { key: hostPortAt(text, port), port, isOneMachine };
}

/** Thousands of instances have the addresses of a few nodes. */
const MACHINES = 1_000;

/** A host in one spelling: `::ffff:10.9.0.5` is 10.9.0.5. */
const hostAt = memoizeRecent(MACHINES, (address) => {
  const host = plainHost(address);
  const bytes = addressBytes(host);
  return { text: bytes?.join(".") ?? host, isOneMachine: bytes !== undefined && !isLoopback(host) };
});
