import { instanceKey, type ServiceInstance } from "../catalog/snapshot.ts";
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
 * How the tags of a service, by its key, differ: those of instances that were there before, else those of the instances that
 * have come and gone. Undefined where they are alike, and where the service itself has come or gone.
 */
export function serviceTagsChanged(
  before: Pick<Explanation, "services">,
  after: Pick<Explanation, "services">,
  service: string | undefined,
): TagsChanged | TookOver | undefined {
  const [known, now] = [instancesOf(before, service), instancesOf(after, service)];
  if (known.length === 0 || now.length === 0) return undefined;
  const knownByKey = new Map(known.map((instance) => [instanceKey(instance), instance]));
  const own = now.flatMap((instance) => {
    const was = knownByKey.get(instanceKey(instance));
    return was === undefined ? [] : (tagsChanged(was, instance)?.keys ?? []);
  });
  if (own.length > 0) return { kind: "tags-changed", keys: [...new Set(own)].sort() };
  const keys = differingKeys(tagsOf(known), tagsOf(now));
  return keys.length === 0 ? undefined : { kind: "took-over", keys };
}

function instancesOf({ services }: Pick<Explanation, "services">, service = ""): readonly ServiceInstance[] {
  return (services.get(service) ?? []).map(({ instance }) => instance);
}

function tagsOf(instances: readonly ServiceInstance[]): ReadonlySet<string> {
  return new Set(instances.flatMap(({ tags }) => tags));
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
