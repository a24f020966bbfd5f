import { instanceKey, type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import type { Translated } from "../instances/instance-state.ts";
import type { Explanation } from "./explanation.ts";

/** The tags of an instance, or of a service, are other ones now. */
export interface TagsChanged {
  readonly kind: "tags-changed";
  /** The keys of the tags that came, went or have another value; empty where the difference lies elsewhere. */
  readonly keys: readonly string[];
}

type Sides = readonly [before: Explanation, after: Explanation];

/** The keys of the tags in which the registrations of one instance differ. */
export function changedTagKeys(...[before, after, instance]: [...Sides, ServiceInstance]): readonly string[] {
  const key = instanceKey(instance);
  const own = ({ services }: Explanation) =>
    (services.get(serviceKey(instance)) ?? []).filter((one) => instanceKey(one.instance) === key);
  return differingKeys(own(before), own(after));
}

/** The keys of the tags in which the registrations of a service, by its key, differ. */
export function changedTagKeysOf(...[before, after, service]: [...Sides, string | undefined]): readonly string[] {
  if (service === undefined) return [];
  return differingKeys(before.services.get(service) ?? [], after.services.get(service) ?? []);
}

function differingKeys(before: readonly Translated[], after: readonly Translated[]): readonly string[] {
  const [known, now] = [tagsOf(before), tagsOf(after)];
  const differing = [...[...known].filter((tag) => !now.has(tag)), ...[...now].filter((tag) => !known.has(tag))];
  return [...new Set(differing.map(keyOf))].sort();
}

function tagsOf(instances: readonly Translated[]): ReadonlySet<string> {
  return new Set(instances.flatMap(({ instance }) => instance.tags));
}

/** What stands before the value, which may be a secret. */
function keyOf(tag: string): string {
  const end = tag.indexOf("=");
  return end < 0 ? tag : tag.slice(0, end);
}
