import { compileGlob } from "../catalog/glob.ts";
import { DEFAULT_NAMESPACE, namespaceOf, type ServiceInstance } from "../catalog/snapshot.ts";
import type { Who } from "../settings.ts";

/** What a rule or an allowance may ask an instance about. */
export const WHO = ["service", "job", "namespace", "node", "datacenter"] as const;

/**
 * Does it name an instance without doubt? One that names a service or a job and no namespace means the default one, as
 * everywhere in Nomad and Consul: in each namespace another team may have a service of that name.
 */
export function isOfNamedNamespace(who: Who, instance: Pick<ServiceInstance, "namespace">): boolean {
  const isOfNamed = [who.service, who.job].some((name) => name !== undefined && name !== "*");
  return who.namespace !== undefined || !isOfNamed || namespaceOf(instance) === DEFAULT_NAMESPACE;
}

/** Says whether it is about an instance; one that asks nothing is about all of them. */
export function compileWho(who: Who): (instance: ServiceInstance) => boolean {
  const globs = WHO.flatMap((field) => {
    const pattern = who[field];
    return pattern === undefined ? [] : [{ field, matches: compileGlob(pattern) }];
  });
  return (instance) =>
    globs.every(({ field, matches }) => {
      const found = instance[field];
      return found !== undefined && matches(found);
    });
}
