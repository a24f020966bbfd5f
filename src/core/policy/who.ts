import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Who } from "../settings.ts";
import { compileGlob } from "./glob.ts";

/** What a rule or an allowance may ask an instance about. */
export const WHO = ["service", "job", "namespace", "node", "datacenter"] as const;

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
