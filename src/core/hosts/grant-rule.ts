import type { ServiceInstance } from "../catalog/snapshot.ts";
import { ruleFor } from "../policy/policy.ts";
import type { Policy, PolicyRule } from "../settings.ts";
import type { AskedFor } from "./asked-for.ts";

/**
 * The rule that grants a service what its routers ask for, and leaves it the limits of the rule that counts for it now.
 *
 * @param instance the newest one of the service
 * @param policy undefined: it has no limits now
 */
export function grantRule(instance: ServiceInstance, asked: AskedFor, policy: Policy | undefined): PolicyRule {
  const { service, namespace, catalog, catalogName, datacenter } = instance;
  const { namedHosts: _, ...limits } = asked;
  const known = policy && ruleFor(policy, instance);
  return {
    ...limits,
    ...(known && limitsIn(known)),
    name: "",
    service,
    ...(namespace === "" ? {} : { namespace }),
    ...(catalogName === undefined || catalog !== "consul" ? {} : { datacenter }),
  };
}

/** What a rule allows, without the services that it is about. */
function limitsIn(rule: PolicyRule): Partial<PolicyRule> {
  const { service: _s, job: _j, namespace: _ns, node: _n, datacenter: _d, ...limits } = rule;
  return limits;
}
