import { allocationOf } from "../catalog/allocation.ts";
import { type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import { memoize } from "../incremental/memoize.ts";
import type { TranslatedServices } from "../instances/instance-state.ts";
import { joinHostPort, parseBackendUrl } from "../traefik/backend-url.ts";
import { type DynamicConfig, resourceKey } from "../traefik/chart/dynamic-config.ts";
import { endpointOf, serversOf } from "../traefik/chart/servers.ts";
import type { PortHolders } from "./recently-deregistered.ts";
import type { LastPass, RemovalsMemory } from "./removals-memory.ts";

export interface ReusedPorts {
  /** Server of a held service, by its URL or address → the service that has its port now. */
  readonly reused: ReadonlyMap<string, string>;
  /** What was registered at the ports of held servers when the hold began. */
  readonly portHolders: PortHolders;
}

/** While nothing is held. */
export const NOTHING_REUSED: ReusedPorts = { reused: new Map(), portHolders: new Map() };

interface ReusedPortsInput {
  readonly desired: DynamicConfig;
  readonly published: DynamicConfig;
  readonly last: Pick<LastPass, "owners" | "services" | "isFirst">;
  readonly memory: Pick<
    RemovalsMemory,
    "recentlyDeregistered" | "portHolders" | "heldHostRegistrations" | "provenance"
  >;
  readonly services: TranslatedServices;
  /** All that is registered on the machines of held servers, services without routes too; undefined before it was read. */
  readonly heldHostRegistrations: readonly ServiceInstance[] | undefined;
}

/**
 * Finds servers of services that are only held whose port another service has registered since: a scheduler gives a port
 * that is free to the next job, and requests must not end at another service. A service that was registered there when the
 * hold began or shortly before does not count, nor one of the same allocation; and none counts while the owner is registered
 * there itself. Of services without routes those count that the first reading during the hold did not show.
 */
export function findReusedPorts({
  desired,
  published,
  last,
  memory,
  services,
  heldHostRegistrations,
}: ReusedPortsInput): ReusedPorts {
  const read = byAddress(heldHostRegistrations ?? []);
  const now = byAddress([...instancesIn(services), ...(heldHostRegistrations ?? [])]);
  // Of what the first pass finds it is not known whether it came before or after the hold began.
  const servicesBefore = last.isFirst ? services : last.services;
  const before = byAddress([
    ...instancesIn(servicesBefore),
    ...memory.recentlyDeregistered.map(({ instance }) => instance),
    ...(memory.heldHostRegistrations ?? heldHostRegistrations ?? []),
  ]);
  const isNews = ({ catalogName = "" }: ServiceInstance) => memory.provenance?.sources.has(catalogName) !== false;
  const reused = new Map<string, string>();
  const portHolders = new Map<string, ReadonlySet<string>>();
  for (const section of ["http/services", "tcp/services", "udp/services"] as const) {
    for (const [name, service] of published[section]) {
      if (desired[section].has(name)) continue;
      const owner = last.owners.get(resourceKey(section, name))?.service;
      for (const endpoint of serversOf(service).map(endpointOf)) {
        const hostPort = hostPortOfEndpoint(endpoint);
        const atFirst = memory.heldHostRegistrations === undefined ? holderKeys(read.get(hostPort)) : [];
        const known = new Set([...(memory.portHolders.get(hostPort) ?? holderKeys(before.get(hostPort))), ...atFirst]);
        portHolders.set(hostPort, known);
        const there = now.get(hostPort) ?? [];
        const isShared = there.some((holder) => serviceKey(holder) === owner);
        const isNewcomer = (holder: ServiceInstance) =>
          isNews(holder) && !holderKeys([holder]).some((key) => known.has(key));
        const newcomer = isShared ? undefined : there.find(isNewcomer);
        if (newcomer !== undefined) reused.set(endpoint, serviceKey(newcomer));
      }
    }
  }
  return { reused, portHolders };
}

/** `HOST:PORT` of a server, by its URL or address. */
function hostPortOfEndpoint(endpoint: string): string {
  const target = parseBackendUrl(endpoint);
  return (target === undefined ? endpoint : `${target.host}:${target.port}`).toLowerCase();
}

/** Where an instance is registered, as `HOST:PORT`. */
const hostPortOfInstance = memoize(({ address, nodeAddress, port }: ServiceInstance): string =>
  joinHostPort((address || nodeAddress).replace(/^\[|\]$/g, ""), String(port)).toLowerCase(),
);

function instancesIn(services: TranslatedServices): readonly ServiceInstance[] {
  return [...services.values()].flat().map(({ instance }) => instance);
}

function byAddress(instances: readonly ServiceInstance[]): ReadonlyMap<string, readonly ServiceInstance[]> {
  const holders = new Map<string, ServiceInstance[]>();
  for (const instance of instances) {
    const hostPort = hostPortOfInstance(instance);
    const there = holders.get(hostPort);
    if (there === undefined) holders.set(hostPort, [instance]);
    else there.push(instance);
  }
  return holders;
}

function holderKeys(holders: readonly ServiceInstance[] = []): readonly string[] {
  return holders.flatMap((holder) => [serviceKey(holder), allocationOf(holder.id) ?? []].flat());
}
