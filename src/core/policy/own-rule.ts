import { isAnyPattern } from "../catalog/glob.ts";
import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Policy, PolicyRule, Who } from "../settings.ts";
import { ruleFor } from "./policy.ts";

/**
 * A rule about the service of an instance alone, with what it may ask for; undefined where the service's own name would make
 * it a rule about others, too.
 */
export function ownRule(
  instance: ServiceInstance,
  allowed: Omit<PolicyRule, keyof Who | "name">,
): PolicyRule | undefined {
  const { service, namespace, catalog, catalogName, datacenter } = instance;
  if (isAnyPattern([service, namespace])) return undefined;
  return {
    ...allowed,
    name: "",
    service,
    ...(namespace === "" ? {} : { namespace }),
    ...(catalogName === undefined || catalog !== "consul" ? {} : { datacenter }),
  };
}

/** What counts for an instance now, without the services that the rule is about. */
export function limitsNow(instance: ServiceInstance, policy: Policy | undefined): Omit<PolicyRule, keyof Who | "name"> {
  const rule = policy && ruleFor(policy, instance);
  if (rule === undefined) return {};
  const { name: _, service: _s, job: _j, namespace: _ns, node: _n, datacenter: _d, ...limits } = rule;
  return limits;
}
