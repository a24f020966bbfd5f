import type { ServiceInstance } from "../../catalog/snapshot.ts";
import { memoize } from "../../incremental/memoize.ts";
import type { AuthEndpoints } from "../../ports/auth-endpoint.ts";
import type { CoreSettings, PolicyRule } from "../../settings.ts";
import { ruleFor } from "../policy.ts";

/**
 * What the middlewares of an instance may ask, whatever the port window and the networks say: what its rule of the policy
 * lists, else what the settings and the policy list for all.
 */
export function authEndpointsOf(instance: ServiceInstance, settings: CoreSettings): AuthEndpoints {
  const { policy } = settings;
  const rule = policy && ruleFor(policy, instance);
  return (rule && ofRule(rule)) ?? ofAll(settings);
}

const ofRule = memoize(({ name, authEndpoints }: PolicyRule): AuthEndpoints | undefined =>
  authEndpoints === undefined ? undefined : { endpoints: authEndpoints, rule: name },
);

const ofAll = memoize(
  ({ authEndpoints, policy }: CoreSettings): AuthEndpoints => ({
    endpoints: [...authEndpoints, ...(policy?.authEndpoints ?? [])],
    rule: undefined,
  }),
);
