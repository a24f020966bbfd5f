import type { ServiceInstance } from "../catalog/snapshot.ts";
import { limitsNow, ownRule } from "../policy/own-rule.ts";
import type { Policy, PolicyRule } from "../settings.ts";
import type { AskedFor } from "./asked-for.ts";

/**
 * The rule that grants a service what its routers ask for, and leaves it the limits of the rule that counts for it now;
 * undefined where no rule can be about this service alone.
 *
 * @param instance the newest one of the service
 * @param policy undefined: it has no limits now
 */
export function grantRule(
  instance: ServiceInstance,
  { namedHosts: _, ...asked }: AskedFor,
  policy: Policy | undefined,
): PolicyRule | undefined {
  return ownRule(instance, { ...asked, ...limitsNow(instance, policy) });
}
