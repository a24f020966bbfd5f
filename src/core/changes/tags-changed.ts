import { instanceKey, type ServiceInstance } from "../catalog/snapshot.ts";
import type { Translated } from "../instances/instance-state.ts";
import { shownPart } from "../traefik/labels/label-problem.ts";
import type { Explanation } from "./explanation.ts";

/** The tags of an instance, or of instances of a service, are other ones now. */
export interface TagsChanged {
  readonly kind: "tags-changed";
  /** The keys of the tags that came, went or have another value, without what may be a secret; in their order. */
  readonly keys: readonly string[];
}

/** No instance's tags are other ones, but the definition of another instance counts now. */
export interface TookOver {
  readonly kind: "took-over";
  /** In which tags the instances of the service differ from those of before. */
  readonly keys: readonly string[];
}

/** In which tags two registrations of an instance differ; undefined where they are alike. */
export function tagsChanged(before: ServiceInstance, after: ServiceInstance): TagsChanged | undefined {
  if (before === after) return undefined;
  const keys = differingKeys(new Set(before.tags), new Set(after.tags));
  return keys.length === 0 ? undefined : { kind: "tags-changed", keys };
}

/**
 * How the tags of a service's routed instances differ, by its key: those of instances that were there before, else those of
 * the instances that have begun to count, or count no longer. Undefined where they are alike, and where the service itself
 * has come or gone.
 */
export function serviceTagsChanged(
  before: Pick<Explanation, "services">,
  after: Pick<Explanation, "services">,
  service: string | undefined,
): TagsChanged | TookOver | undefined {
  const [known, now] = [before.services.get(service ?? "") ?? [], after.services.get(service ?? "") ?? []];
  if (known === now || known.length === 0 || now.length === 0) return undefined;
  const knownByKey = new Map(known.map((one) => [instanceKey(one.instance), one]));
  const own = now.flatMap(({ instance, state }) => {
    const was = knownByKey.get(instanceKey(instance));
    if (was === undefined || (state.kind !== "routed" && was.state.kind !== "routed")) return [];
    return tagsChanged(was.instance, instance)?.keys ?? [];
  });
  if (own.length > 0) return { kind: "tags-changed", keys: [...new Set(own)].sort() };
  const [routedBefore, routedNow] = [routedIn(known), routedIn(now)];
  const keys = [...keysApart(routedNow, routedBefore), ...keysApart(routedBefore, routedNow)];
  return keys.length === 0 ? undefined : { kind: "took-over", keys: [...new Set(keys)].sort() };
}

type Instances = ReadonlyMap<string, ServiceInstance>;

function routedIn(own: readonly Translated[]): Instances {
  return new Map(
    own.filter(({ state }) => state.kind === "routed").map(({ instance }) => [instanceKey(instance), instance]),
  );
}

/** The keys of the tags that instances have and no other one has, or that all others have and one of them has not. */
function keysApart(instances: Instances, others: Instances): readonly string[] {
  const apart = [...instances].filter(([key]) => !others.has(key)).map(([, instance]) => instance);
  if (apart.length === 0 || others.size === 0) return [];
  const tagSets = Array.from(others.values(), ({ tags }) => new Set(tags));
  const [any, all] = [new Set(tagSets.flatMap((tags) => [...tags])), intersection(tagSets)];
  return apart.flatMap(({ tags }) => {
    const own = new Set(tags);
    return [...tags.filter((tag) => !any.has(tag)), ...all.filter((tag) => !own.has(tag))].map(keyOf);
  });
}

function intersection([first = new Set(), ...sets]: readonly ReadonlySet<string>[]): readonly string[] {
  return [...first].filter((tag) => sets.every((tags) => tags.has(tag)));
}

function differingKeys(before: ReadonlySet<string>, after: ReadonlySet<string>): readonly string[] {
  const differing = [...[...before].filter((tag) => !after.has(tag)), ...[...after].filter((tag) => !before.has(tag))];
  return [...new Set(differing.map(keyOf))].sort();
}

/** What stands before the value, which may be a secret; of a tag without a value its first word. */
function keyOf(tag: string): string {
  const end = tag.indexOf("=");
  return shownPart(end < 0 ? (/^\S*/.exec(tag)?.[0] ?? "") : tag.slice(0, end));
}
