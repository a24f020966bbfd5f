import { type ServiceInstance, serviceKey } from "./snapshot.ts";

/** Of those that are gone, the ones whose service has none among those that are there. */
export function lastOfServices(
  gone: readonly ServiceInstance[],
  there: readonly ServiceInstance[],
): readonly ServiceInstance[] {
  if (gone.length === 0) return gone;
  const names = new Set(gone.map(({ service }) => service));
  // Few of thousands: only theirs get a key.
  const services = new Set(there.filter(({ service }) => names.has(service)).map(serviceKey));
  return gone.filter((instance) => !services.has(serviceKey(instance)));
}
