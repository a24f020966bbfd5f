import { allocationOf } from "../catalog/allocation.ts";
import { type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import { memoize } from "../incremental/memoize.ts";
import type { TranslatedServices } from "../instances/instance-state.ts";
import type { Memory } from "../memory.ts";
import { joinHostPort, parseBackendUrl } from "../traefik/backend-url.ts";
import { type DynamicConfig, resourceKey } from "../traefik/chart/dynamic-config.ts";
import { endpointOf, serversOf } from "../traefik/chart/servers.ts";
import type { PortHolders } from "./recently-deregistered.ts";

export interface ReusedPorts {
  /** Server of a held service, by its URL or address → the service that has its port now. */
  readonly reused: ReadonlyMap<string, string>;
  /** Who shared the ports of held servers when the hold began. */
  readonly portHolders: PortHolders;
}

/** While nothing is held. */
export const NOTHING_REUSED: ReusedPorts = { reused: new Map(), portHolders: new Map() };

interface ReusedPortsInput {
  readonly desired: DynamicConfig;
  readonly published: DynamicConfig;
  readonly previous: Pick<
    Memory,
    "owners" | "services" | "recentlyDeregistered" | "portHolders" | "heldHostRegistrations" | "provenance" | "damping"
  >;
  readonly services: TranslatedServices;
  /** All that is registered on the machines of held servers, services without routes too; undefined before it was read. */
  readonly heldHostRegistrations: readonly ServiceInstance[] | undefined;
}

/**
 * Finds servers of services that are only held whose port another service has registered since: a scheduler gives a port
 * that is free to the next job, and requests must not end at a stranger. No stranger is who was registered there when the
 * hold began or shortly before, or belongs to the same allocation; and nobody is while the owner is registered there
 * itself. Of services without routes those count that the first reading during the hold did not show.
 */
export function findReusedPorts({
  desired,
  published,
  previous,
  services,
  heldHostRegistrations,
}: ReusedPortsInput): ReusedPorts {
  const read = tenantsOf(heldHostRegistrations ?? []);
  const now = tenantsOf([...instancesIn(services), ...(heldHostRegistrations ?? [])]);
  // Nobody can tell of whom the first pass finds whether they came before or after the hold began.
  const servicesBefore = previous.damping === undefined ? services : previous.services;
  const before = tenantsOf([
    ...instancesIn(servicesBefore),
    ...previous.recentlyDeregistered.map(({ instance }) => instance),
    ...(previous.heldHostRegistrations ?? heldHostRegistrations ?? []),
  ]);
  const isNews = ({ catalogName = "" }: ServiceInstance) => previous.provenance?.sources.has(catalogName) !== false;
  const reused = new Map<string, string>();
  const portHolders = new Map<string, ReadonlySet<string>>();
  for (const section of ["http/services", "tcp/services", "udp/services"] as const) {
    for (const [name, service] of published[section]) {
      if (desired[section].has(name)) continue;
      const owner = previous.owners.get(resourceKey(section, name))?.service;
      for (const endpoint of serversOf(service).map(endpointOf)) {
        const place = placeOfEndpoint(endpoint);
        const atFirst = previous.heldHostRegistrations === undefined ? signsOf(read.get(place)) : [];
        const known = new Set([...(previous.portHolders.get(place) ?? signsOf(before.get(place))), ...atFirst]);
        portHolders.set(place, known);
        const there = now.get(place) ?? [];
        const isShared = there.some((tenant) => serviceKey(tenant) === owner);
        const isStranger = (tenant: ServiceInstance) =>
          isNews(tenant) && !signsOf([tenant]).some((sign) => known.has(sign));
        const stranger = isShared ? undefined : there.find(isStranger);
        if (stranger !== undefined) reused.set(endpoint, serviceKey(stranger));
      }
    }
  }
  return { reused, portHolders };
}

/** `HOST:PORT` of a server, by its URL or address. */
function placeOfEndpoint(endpoint: string): string {
  const target = parseBackendUrl(endpoint);
  return (target === undefined ? endpoint : `${target.host}:${target.port}`).toLowerCase();
}

/** Where an instance is registered, as `HOST:PORT`. */
const placeOfInstance = memoize(({ address, nodeAddress, port }: ServiceInstance): string =>
  joinHostPort((address || nodeAddress).replace(/^\[|\]$/g, ""), String(port)).toLowerCase(),
);

function instancesIn(services: TranslatedServices): readonly ServiceInstance[] {
  return [...services.values()].flat().map(({ instance }) => instance);
}

function tenantsOf(instances: readonly ServiceInstance[]): ReadonlyMap<string, readonly ServiceInstance[]> {
  const tenants = new Map<string, ServiceInstance[]>();
  for (const instance of instances) {
    const place = placeOfInstance(instance);
    const there = tenants.get(place);
    if (there === undefined) tenants.set(place, [instance]);
    else there.push(instance);
  }
  return tenants;
}

function signsOf(tenants: readonly ServiceInstance[] = []): readonly string[] {
  return tenants.flatMap((tenant) => [serviceKey(tenant), allocationOf(tenant.id) ?? []].flat());
}
