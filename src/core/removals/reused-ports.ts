import { type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import type { TranslatedServices } from "../instances/instance-state.ts";
import { hostPortAt } from "../traefik/backend-url.ts";
import { type DynamicConfig, type ResourceKey, resourceKey } from "../traefik/chart/dynamic-config.ts";
import { endpointOf, serversOf } from "../traefik/chart/servers.ts";
import { type HeldPort, type HeldPorts, hostPortOfEndpoint } from "./held-port.ts";
import { ownNodes } from "./own-places.ts";
import { placeOf, type RegisteredPlace } from "./registered-place.ts";
import type { LastPass, RemovalsMemory } from "./removals-memory.ts";

/** Held service → its servers whose port another service has now, by their URL or address → that service. */
export type ReusedServers = ReadonlyMap<ResourceKey, ReadonlyMap<string, string>>;

export interface ReusedPorts {
  readonly reused: ReusedServers;
  readonly heldPorts: HeldPorts;
}

/** While nothing is held. */
export const NOTHING_REUSED: ReusedPorts = { reused: new Map(), heldPorts: new Map() };

interface ReusedPortsInput {
  readonly desired: DynamicConfig;
  readonly published: DynamicConfig;
  readonly last: Pick<LastPass, "owners" | "services" | "isFirst">;
  readonly memory: Pick<RemovalsMemory, "recentlyDeregistered" | "heldPorts" | "heldHostRegistrations" | "provenance">;
  readonly services: TranslatedServices;
  /** Those that are registered and do not count in this pass. */
  readonly uncounted: readonly ServiceInstance[];
  /** All that is registered on the machines of held servers, services without routes too; undefined before it was read. */
  readonly heldHostRegistrations: readonly ServiceInstance[] | undefined;
}

/**
 * Finds servers of services that are only held whose port another service has registered since: a scheduler gives a port
 * that is free to the next job, and requests must not end at another service. A service that was registered there when the
 * hold began or shortly before does not count, nor one of the same allocation; and none counts while the owner is registered
 * there itself. Of services without routes those count that the first reading during the hold did not show.
 *
 * Only a service on the held server's own node counts: which node that is the catalog tells, while the address of a service
 * is what its registration claims, and an address of another's would take that one's servers away.
 */
export function findReusedPorts({
  desired,
  published,
  last,
  memory,
  services,
  uncounted,
  heldHostRegistrations,
}: ReusedPortsInput): ReusedPorts {
  // When those came that the watch does not show, only the reading after it can tell.
  const firstRead =
    memory.heldHostRegistrations === undefined
      ? (heldHostRegistrations ?? []).filter((one) => !services.has(serviceKey(one)))
      : [];
  const readFirst = Map.groupBy(firstRead.map(placeOf), ({ hostPort }) => hostPort);
  const registered = [...instancesIn(services), ...uncounted, ...(heldHostRegistrations ?? [])];
  const now = Map.groupBy(registered, (instance) => placeOf(instance).hostPort);
  // Of what the first pass finds it is not known whether it came before or after the hold began.
  const servicesBefore = last.isFirst ? services : last.services;
  const placesBefore = [
    ...instancesIn(servicesBefore).map(placeOf),
    ...memory.recentlyDeregistered.map(({ place }) => place),
    ...(memory.heldHostRegistrations ?? firstRead).map(placeOf),
  ];
  const before = Map.groupBy(placesBefore, ({ hostPort }) => hostPort);
  const isNews = ({ catalogName = "" }: ServiceInstance) => memory.provenance?.sources.has(catalogName) !== false;
  const reused = new Map<ResourceKey, ReadonlyMap<string, string>>();
  const heldPorts = new Map<string, HeldPort>();
  for (const section of ["http/services", "tcp/services", "udp/services"] as const) {
    for (const [name, service] of published[section]) {
      if (desired[section].has(name)) continue;
      const key = resourceKey(section, name);
      const owner = last.owners.get(key)?.service ?? "";
      const taken = new Map<string, string>();
      for (const endpoint of serversOf(service).map(endpointOf)) {
        const hostPort = hostPortOfEndpoint(endpoint);
        const atFirst = holderKeys(readFirst.get(hostPort));
        const known = memory.heldPorts.get(hostPort);
        const registeredOn = ownNodes(servicesBefore, owner, endpoint);
        // Another service may have been held at this place before.
        const beginsNow = known === undefined || (registeredOn.size > 0 && !last.isFirst);
        const holders = new Set([...(beginsNow ? holderKeys(before.get(hostPort)) : known.holders), ...atFirst]);
        const nodes = registeredOn.size > 0 ? registeredOn : known?.nodes.get(owner);
        heldPorts.set(hostPort, besides(heldPorts.get(hostPort), known, { owner, holders, nodes }));
        const there = now.get(hostPort) ?? [];
        if (there.some((holder) => serviceKey(holder) === owner)) continue;
        const isNewcomer = (holder: ServiceInstance) =>
          isNews(holder) && !holderKeys([placeOf(holder)]).some((one) => holders.has(one));
        const newcomer = there.find((holder) => isNewcomer(holder) && isAtPlace(holder, hostPort, nodes));
        if (newcomer !== undefined) taken.set(endpoint, serviceKey(newcomer));
      }
      if (taken.size > 0) reused.set(key, taken);
    }
  }
  return { reused, heldPorts };
}

/** What is known of a place after one more service is found to be held there. */
function besides(
  others: HeldPort | undefined,
  known: HeldPort | undefined,
  { owner, holders, nodes }: Pick<HeldPort, "holders"> & { owner: string; nodes: ReadonlySet<string> | undefined },
): HeldPort {
  const nodesOfAll = others?.nodes ?? known?.nodes ?? [];
  return {
    holders: others === undefined ? holders : new Set([...holders].filter((one) => others.holders.has(one))),
    nodes: new Map([...nodesOfAll, ...(nodes === undefined ? [] : [[owner, nodes] as const])]),
  };
}

function instancesIn(services: TranslatedServices): readonly ServiceInstance[] {
  return [...services.values()].flat().map(({ instance }) => instance);
}

/** By the catalog's account; where the held server's node is not known, the address of the other one's node decides. */
function isAtPlace(holder: ServiceInstance, hostPort: string, nodes: ReadonlySet<string> | undefined): boolean {
  if (nodes !== undefined) return nodes.has(holder.node);
  return hostPortAt(holder.nodeAddress, holder.port) === hostPort;
}

function holderKeys(holders: readonly RegisteredPlace[] = []): readonly string[] {
  return holders.flatMap(({ service, allocation }) => [service, allocation ?? []].flat());
}
