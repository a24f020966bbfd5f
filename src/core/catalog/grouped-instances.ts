import { rangeBetween } from "../incremental/changed-range.ts";
import { type PersistentMap, persistentMapOf } from "../incremental/persistent-map.ts";
import { type ServiceInstance, serviceKey } from "./snapshot.ts";

/** Instances, and those of each service by its key, in the order in which they come. */
export interface GroupedInstances {
  readonly instances: readonly ServiceInstance[];
  readonly services: PersistentMap<readonly ServiceInstance[]>;
}

export type InstancesByService = ReadonlyMap<string, readonly ServiceInstance[]>;

/** The instances of each service, by its key, in the order in which they come. */
export function instancesByService(instances: readonly ServiceInstance[]): InstancesByService {
  const services = new Map<string, ServiceInstance[]>();
  let key = "";
  let own: ServiceInstance[] | undefined;
  for (const instance of instances) {
    const last = own?.[0];
    // Nearly always an instance follows one of its own service: no look-up for those.
    if (last === undefined || !isOfSameService(last, instance)) {
      key = serviceKey(instance);
      own = services.get(key);
      if (own === undefined) {
        own = [];
        services.set(key, own);
      }
    }
    own?.push(instance);
  }
  return services;
}

/** No instances. */
export const NONE_GROUPED: GroupedInstances = { instances: [], services: persistentMapOf(new Map()) };

/** The instances by service; where they are like those before, only services that have changed are grouped again. */
export function groupInstances(
  instances: readonly ServiceInstance[],
  before: GroupedInstances = NONE_GROUPED,
): GroupedInstances {
  if (instances === before.instances) return before;
  const change = wholeChange(before, instances);
  if (change === undefined) return { instances, services: persistentMapOf(instancesByService(instances)) };
  const services = before.services.edit();
  for (const key of change.left.keys()) services.put(key, undefined);
  for (const [key, own] of change.came) services.put(key, own);
  return { instances, services: services.result() };
}

/** The part of two lists in which they differ, by service. */
export interface ServiceChange {
  /** What stood there. */
  readonly left: InstancesByService;
  /** What stands there now. */
  readonly came: InstancesByService;
  /** The service whose instances begin after that part; undefined where the list ends with it. */
  readonly next: string | undefined;
}

/**
 * The services that have changed, each with all its instances. Undefined where one of them, or the one after them, has instances
 * elsewhere, too: the sources keep a service's instances together.
 */
export function wholeChange(
  { instances: before, services }: GroupedInstances,
  after: readonly ServiceInstance[],
): ServiceChange | undefined {
  const range = rangeBetween(before, after);
  const [leaving, coming] = [before.slice(range.start, range.endBefore), after.slice(range.start, range.endAfter)];
  // The neighbours of the same services belong to it.
  let { start, endBefore, endAfter } = range;
  while (isOfAny(after[start - 1], leaving[0], coming[0])) start -= 1;
  for (; isOfAny(after[endAfter], leaving.at(-1), coming.at(-1)); endAfter += 1) endBefore += 1;
  const left = instancesByService(before.slice(start, endBefore));
  const came = instancesByService(after.slice(start, endAfter));
  const isWhole = (key: string) => (left.get(key)?.length ?? 0) === (services.get(key)?.length ?? 0);
  if (![...left.keys(), ...came.keys()].every(isWhole)) return undefined;
  const beginning = after[endAfter];
  const next = beginning && serviceKey(beginning);
  if (next !== undefined && services.get(next)?.[0] !== beginning) return undefined;
  return { left, came, next };
}

function isOfAny(instance: ServiceInstance | undefined, ...others: readonly (ServiceInstance | undefined)[]): boolean {
  return instance !== undefined && others.some((other) => other !== undefined && isOfSameService(instance, other));
}

/** As equal keys would say, without making them. */
function isOfSameService(one: ServiceInstance, other: ServiceInstance): boolean {
  return one.service === other.service && one.namespace === other.namespace && one.catalogName === other.catalogName;
}
