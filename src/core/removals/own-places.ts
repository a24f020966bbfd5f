import { isRegisteredAt, placeOfServer } from "../borrowing/demanding-places.ts";
import type { TranslatedServices } from "../instances/instance-state.ts";
import { type HeldPorts, hostPortOfEndpoint } from "./held-port.ts";

/**
 * Says whether a service, by its key, was registered where a published server of its own is. Of a place that only its tags
 * named, and of one of which that is not known after a restart, it does not.
 *
 * @param endpoint the server's URL or `HOST:PORT`
 */
export type IsOwnPlace = (service: string, endpoint: string) => boolean;

/**
 * @param services those of the last pass
 * @param heldPorts what is known since before: a service that is held has been gone for longer than one pass
 */
export function ownPlaces(services: TranslatedServices, heldPorts: HeldPorts): IsOwnPlace {
  return (service, endpoint) =>
    ownNodes(services, service, endpoint).size > 0 ||
    heldPorts.get(hostPortOfEndpoint(endpoint))?.nodes.has(service) === true;
}

const NONE: ReadonlySet<string> = new Set();

/** The nodes on which a service, by its key, is registered where a server is. */
export function ownNodes(services: TranslatedServices, service: string, endpoint: string): ReadonlySet<string> {
  const place = placeOfServer(endpoint);
  if (place === undefined) return NONE;
  const own = (services.get(service) ?? []).filter(({ instance }) => isRegisteredAt(place, instance));
  return new Set(own.map(({ instance }) => instance.node));
}
