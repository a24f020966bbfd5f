import { believedAllocation } from "../catalog/believed-allocation.ts";
import { type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import { memoize } from "../incremental/memoize.ts";
import { hostPortAt } from "../traefik/backend-url.ts";

/** Who is registered where, without the instance itself: under churn thousands of them are remembered, and what was made of each. */
export interface RegisteredPlace {
  /** `HOST:PORT`, in lower case. */
  readonly hostPort: string;
  readonly node: string;
  /** By its key. */
  readonly service: string;
  readonly allocation: string | undefined;
}

export const placeOf = memoize(
  (instance: ServiceInstance): RegisteredPlace => ({
    hostPort: hostPortAt(instance.address || instance.nodeAddress, instance.port),
    node: instance.node,
    service: serviceKey(instance),
    allocation: believedAllocation(instance),
  }),
);
