import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { endpointDeclaration, isAuthEndpoint } from "../ports/auth-endpoint.ts";
import { type Network, parseNetwork } from "../ports/ledger/network.ts";
import type { CoreSettings, Policy } from "../settings.ts";
import { type ResourceKey, resourceKey, SECTIONS, sectionsInUse } from "../traefik/chart/dynamic-config.ts";
import type { BuiltFragment, Fragment } from "../translate/draft.ts";
import { leaveOut } from "../translate/left-out.ts";
import { authEndpointsOf } from "./backends/auth-endpoints.ts";
import { ANYWHERE, type Backend, backendsOf, whyRefused } from "./backends/backend-address.ts";
import { backendNetworks } from "./backends/backend-networks.ts";
import { permitHealthChecks } from "./backends/health-check.ts";
import { whyRedisCluster } from "./backends/redis-cluster.ts";
import { whyOtherEdge } from "./edge.ts";
import { limitsOf } from "./limits.ts";
import { whyOperatorsOnly } from "./operators-only.ts";
import { limitsNow, ownRule } from "./own-rule.ts";
import { ruleFor } from "./policy.ts";
import { placeOf, writeRules } from "./write-rule.ts";

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
  if (policy !== undefined && rule === undefined) return { kind: "refused", findings: [noRule(instance, policy)] };
  const elsewhere = rule && whyOtherEdge(rule, settings);
  if (elsewhere !== undefined) return { kind: "refused", findings: [elsewhere] };
  const sound = leaveOut(fragment, NONE_REFUSED);
  if (isNothingLeft(sound.fragment)) {
    return { kind: "refused", findings, leftOut: sound.fragment.leftOut };
  }
  const refused = refusedBackends(instance, sound.fragment, settings);
  for (const section of sectionsInUse(sound.fragment.config)) {
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
    const { leftOut } = permitted.fragment;
    return { kind: "refused", findings: [...findings, ...refused.values()], leftOut };
  }
  const checked = permitHealthChecks(instance, permitted.fragment, settings);
  return {
    kind: "built",
    fragment: checked.fragment,
    findings: [...findings, ...sound.findings, ...refused.values(), ...permitted.findings, ...checked.findings],
  };
}

const NONE_REFUSED: ReadonlyMap<ResourceKey, Finding> = new Map();

function noRule(instance: ServiceInstance, policy: Policy): Finding {
  const rule = ownRule(instance, {});
  const lines = rule && writeRules([rule], policy);
  const forAnything =
    lines === undefined ? "" : `; to let this service have anything that is no other one's, ${placeOf(lines)}`;
  return {
    code: "POLICY_REFUSED",
    message: "no rule of the policy is about this service, so that it may have nothing",
    remedy: `add a rule to the policy; one without service, job, namespace, node and datacenter, as the last, is about all${forAnything}`,
  };
}

function isNothingLeft({ config, leftOut }: Fragment): boolean {
  return leftOut.size > 0 && SECTIONS.every((section) => config[section].size === 0);
}

function refusedBackends(
  instance: ServiceInstance,
  { config }: Fragment,
  settings: CoreSettings,
): Map<ResourceKey, Finding> {
  const { policy } = settings;
  const { declared, named } = backendNetworks(instance, settings);
  const authEndpoints = authEndpointsOf(instance, settings);
  const refused: (Backend & { readonly why: string })[] = [];
  for (const backend of backendsOf(config)) {
    const { host, asked } = backend;
    const why = whyRefused(host, declared, named);
    if (why !== undefined && (asked === undefined || !isAuthEndpoint(asked, authEndpoints))) {
      refused.push({ ...backend, why });
    }
  }
  if (refused.length === 0) return new Map();
  const hosts = new Set(refused.flatMap(({ host, asked }) => (asked === undefined ? [host] : [])));
  const addresses = [...hosts].flatMap((host) => parseNetwork(host) ?? []);
  const lines = backendLines(instance, addresses, { declared, policy });
  return new Map(
    refused.map(({ section, name, what, host, asked, why }) => {
      const declared = asked && endpointDeclaration(asked, authEndpoints);
      const finding: Finding = {
        code: "BACKEND_REFUSED",
        message: `${what()} is ${JSON.stringify(host)}, ${why}`,
        remedy:
          declared !== undefined
            ? `ask a server of the service network, or declare it in ${declared.text}`
            : `register the service with an address of the service network${parseNetwork(host) === undefined ? "" : lines}`,
        ...(declared?.opens && { opens: declared.opens }),
      };
      return [resourceKey(section, name), finding];
    }),
  );
}

/** Where backends may be as long as nothing is declared: a list of its own must not close the rest to a service. */
const ALL_ADDRESSES = ["0.0.0.0/0", "::/0"].map(parseNetwork).filter((network) => network !== undefined);

/** The lines of a policy that let a service have backends at these addresses, besides where they may be now. */
function backendLines(
  instance: ServiceInstance,
  addresses: readonly Network[],
  { declared, policy }: { readonly declared: readonly Network[]; readonly policy: Policy | undefined },
): string {
  const backends = [...(declared === ANYWHERE ? ALL_ADDRESSES : declared), ...addresses];
  const rule = ownRule(instance, { ...limitsNow(instance, policy), backends });
  const lines = rule && writeRules([rule], policy);
  return lines === undefined ? "" : `; to let it send requests there all the same, ${placeOf(lines)}`;
}
