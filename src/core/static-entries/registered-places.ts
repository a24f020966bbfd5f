import { instanceKey, type ServiceInstance } from "../catalog/snapshot.ts";
import type { SurveySettings } from "../ports/port-settings.ts";
import { registrationsOf } from "../ports/registration.ts";
import { hostPortAt } from "../traefik/backend-url.ts";
import { consulNameOf, type StaticPlace } from "./static-places.ts";

/** The instances that are registered at a fixed address, each once, in the order of their keys. */
export type RegisteredAt = (place: StaticPlace) => readonly ServiceInstance[];

/**
 * Who is registered at the operator's fixed addresses. An instance is there where its own address, else its node's, and its
 * port are those that are written, and it is not known to speak another protocol. A name of Consul's DNS with a fixed port
 * means the instances of that service at that port.
 *
 * @param instances of the catalogs, also those that ask for no routes, as far as they are known; one may be in it twice
 */
export function registeredAtPlaces(
  places: readonly StaticPlace[],
  instances: readonly ServiceInstance[],
  { ports: { ledger }, traefik: { prefix } }: SurveySettings,
): RegisteredAt {
  const ports = new Set(places.map(({ port }) => port));
  const wanted = new Set(places.map(({ hostPort }) => hostPort));
  const names = new Set(places.map(({ host }) => consulNameOf(host)));
  const found = new Map<string, Map<string, ServiceInstance>>();
  const add = (where: string, instance: ServiceInstance) => {
    const there = found.get(where) ?? new Map<string, ServiceInstance>();
    // Of two readings the first is the watch's, which knows the checks.
    if (!there.has(instanceKey(instance))) there.set(instanceKey(instance), instance);
    found.set(where, there);
  };
  for (const instance of instances) {
    // Nearly all of thousands are on other ports, and each pass looks at them.
    if (!ports.has(instance.port)) continue;
    const hostPort = hostPortAt(instance.address || instance.nodeAddress, instance.port);
    if (wanted.has(hostPort)) add(hostPort, instance);
    if (names.has(instance.service)) add(byName(instance.service, instance.port), instance);
  }
  const speaks = (instance: ServiceInstance, place: StaticPlace) =>
    registrationsOf(instance, { ledger, prefix }).some(
      ({ isGuess, protocol }) => isGuess || protocol === place.protocol,
    );
  return (place) => {
    const name = consulNameOf(place.host);
    const there = found.get(place.hostPort) ?? found.get(byName(name ?? "", place.port)) ?? new Map();
    return [...there]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([, instance]) => instance)
      .filter((instance) => speaks(instance, place));
  };
}

function byName(service: string, port: number): string {
  return JSON.stringify([service, port]);
}
