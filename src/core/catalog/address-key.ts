import { memoize } from "../incremental/memoize.ts";
import { instanceKey, type ServiceInstance } from "./snapshot.ts";

/** Where an instance is reached, as text: another place is another backend. */
export const addressKey = memoize(({ address, nodeAddress, port, taggedAddresses }: ServiceInstance): string =>
  JSON.stringify([address, nodeAddress, port, taggedAddresses]),
);

/** Where it is reached and what it asks for: what is new about an instance that has another one. */
export const addressAndTagsKey = memoize((instance: ServiceInstance): string =>
  JSON.stringify([addressKey(instance), instance.tags]),
);

/** An instance at its address: at another one it is another registration. */
export function registrationKey(instance: ServiceInstance): string {
  return `${instanceKey(instance)} ${addressKey(instance)}`;
}
