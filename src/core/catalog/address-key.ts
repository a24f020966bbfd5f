import { memoize } from "../incremental/memoize.ts";
import type { ServiceInstance } from "./snapshot.ts";

/** Where an instance is reached, as text: another place is another backend. */
export const addressKey = memoize(({ address, nodeAddress, port, taggedAddresses }: ServiceInstance): string =>
  JSON.stringify([address, nodeAddress, port, taggedAddresses]),
);

/** Where it is reached and what it asks for: what is new about an instance that has another one. */
export const addressAndTagsKey = memoize((instance: ServiceInstance): string =>
  JSON.stringify([addressKey(instance), instance.tags]),
);
