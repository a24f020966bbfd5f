import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { AuthEndpoints } from "../ports/auth-endpoint.ts";
import { endpointDeclaration, isAuthEndpoint } from "../ports/auth-endpoint.ts";
import type { CoreSettings, Network } from "../settings.ts";
import { type ResourceKey, resourceKey, SECTIONS } from "../traefik/chart/dynamic-config.ts";
import type { BuiltFragment, Fragment } from "../translate/draft.ts";
import { leaveOut } from "../translate/left-out.ts";
import { authEndpointsOf } from "./auth-endpoints.ts";
import { backendsOf, whyRefused } from "./backend-address.ts";
import { permitHealthChecks } from "./health-check.ts";
import { limitsOf } from "./limits.ts";
import { whyOperatorsOnly } from "./operators-only.ts";
import { ruleFor } from "./policy.ts";
import { whyRedisCluster } from "./redis-cluster.ts";
import { writeRule } from "./write-rule.ts";

/**
 * What an instance may have of what its tags ask for. What is refused, here or before, costs itself and what of the same
 * instance refers to it; an instance of which nothing is left gets nothing.
 *
 * @param findings what has been reported about the fragment so far
 */
export function permit(
  instance: ServiceInstance,
  fragment: Fragment,
  findings: readonly Finding[],
  settings: CoreSettings,
): BuiltFragment {
  const { policy } = settings;
  const rule = policy && ruleFor(policy, instance);
  if (policy !== undefined && rule === undefined) return { kind: "refused", findings: [noRule(instance)] };
  const sound = leaveOut(fragment, NONE_REFUSED);
  if (isNothingLeft(sound.fragment)) return { kind: "refused", findings };
  const refused = refusedBackends(
    sound.fragment,
    { declared: rule?.backends ?? policy?.networks ?? ANYWHERE, named: rule?.backends ?? ANYWHERE },
    authEndpointsOf(instance, settings),
  );
  for (const section of SECTIONS) {
    for (const [name, object] of sound.fragment.config[section]) {
      const finding =
        whyOperatorsOnly(section, name, object) ??
        whyRedisCluster(section, name, object, instance, settings) ??
        (rule && limitsOf(section, name, object, rule, sound.fragment));
      const key = resourceKey(section, name);
      if (finding !== undefined && !refused.has(key)) refused.set(key, finding);
    }
  }
  const permitted = leaveOut(sound.fragment, refused);
  if (refused.size > 0 && isNothingLeft(permitted.fragment)) {
    return { kind: "refused", findings: [...findings, ...refused.values()] };
  }
  const checked = permitHealthChecks(instance, permitted.fragment, settings);
  return {
    kind: "built",
    fragment: checked.fragment,
    findings: [...findings, ...sound.findings, ...refused.values(), ...permitted.findings, ...checked.findings],
  };
}

const NONE_REFUSED: ReadonlyMap<ResourceKey, Finding> = new Map();

/** Also: nowhere in particular. */
const ANYWHERE: readonly Network[] = [];

function noRule({ service, namespace }: ServiceInstance): Finding {
  const rule = writeRule({ name: "", service, ...(namespace === "" ? {} : { namespace }) });
  return {
    code: "POLICY_REFUSED",
    message: "no rule of the policy is about this service, so that it may have nothing",
    remedy: `add a rule to the policy; one without service, job, namespace, node and datacenter, as the last, is about all; to let this service have anything that is no other one's, put before the other rules of the policy: - ${rule}`,
  };
}

function isNothingLeft({ config, leftOut }: Fragment): boolean {
  return leftOut.size > 0 && SECTIONS.every((section) => config[section].size === 0);
}

function refusedBackends(
  { config }: Fragment,
  { declared, named }: { readonly declared: readonly Network[]; readonly named: readonly Network[] },
  authEndpoints: AuthEndpoints,
): Map<ResourceKey, Finding> {
  const refused = new Map<ResourceKey, Finding>();
  for (const { section, name, what, host, asked } of backendsOf(config)) {
    const why = whyRefused(host, declared, named);
    if (why === undefined || (asked !== undefined && isAuthEndpoint(asked, authEndpoints))) continue;
    refused.set(resourceKey(section, name), {
      code: "BACKEND_REFUSED",
      message: `${what()} is ${JSON.stringify(host)}, ${why}`,
      remedy:
        asked === undefined
          ? "register the service with an address of the service network, or name the address in a rule of the policy: backends"
          : `ask a server of the service network, or declare it in ${endpointDeclaration(asked, authEndpoints)}`,
    });
  }
  return refused;
}
