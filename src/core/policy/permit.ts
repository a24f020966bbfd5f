import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { Network, Policy } from "../settings.ts";
import { type MutableConfig, newConfig, resourceKey, SECTIONS, type Section } from "../traefik/chart/dynamic-config.ts";
import { referencesOf, targetOf } from "../traefik/chart/references.ts";
import type { BuiltFragment, Fragment } from "../translate/draft.ts";
import { backendsOf, whyRefused } from "./backend-address.ts";
import { limitsOf } from "./limits.ts";
import { whyOperatorsOnly } from "./operators-only.ts";
import { ruleFor } from "./policy.ts";
import { writeRule } from "./write-rule.ts";

/**
 * What an instance may have of what its tags ask for. A backend that it must not have costs the instance, as one outside
 * the port window does; a router or a middleware costs itself and what of the same instance refers to it.
 */
export function permit(
  instance: ServiceInstance,
  fragment: Fragment,
  findings: readonly Finding[],
  policy: Policy | undefined,
): BuiltFragment {
  const rule = policy && ruleFor(policy, instance);
  if (policy !== undefined && rule === undefined) return { kind: "refused", findings: [noRule(instance)] };
  const refusals = backendFindings(
    fragment,
    rule?.backends ?? policy?.networks ?? ANYWHERE,
    rule?.backends ?? ANYWHERE,
  );
  if (refusals.length > 0) return { kind: "refused", findings: refusals };
  const refused = new Map<Section, Map<string, Finding>>();
  for (const section of SECTIONS) {
    if (fragment.config[section].size === 0) continue;
    for (const [name, object] of fragment.config[section]) {
      const finding =
        whyOperatorsOnly(section, name, object) ?? (rule && limitsOf(section, name, object, rule, fragment));
      if (finding !== undefined) note(refused, section, name, finding);
    }
  }
  if (refused.size === 0) return { kind: "built", fragment, findings };
  const config = withoutDependents(fragment, refused);
  const found = [...refused.values()].flatMap((byName) => [...byName.values()]);
  return { kind: "built", fragment: { ...fragment, config }, findings: [...findings, ...found] };
}

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

function backendFindings(
  { config }: Fragment,
  declared: readonly Network[],
  named: readonly Network[],
): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { what, host } of backendsOf(config)) {
    const why = whyRefused(host, declared, named);
    if (why === undefined) continue;
    findings.push({
      code: "BACKEND_REFUSED",
      message: `${what()} is ${JSON.stringify(host)}, ${why}`,
      remedy:
        "register the service with an address of the service network, or name the address in a rule of the policy: backends",
    });
  }
  return findings;
}

function note(refused: Map<Section, Map<string, Finding>>, section: Section, name: string, finding: Finding): void {
  refused.set(section, (refused.get(section) ?? new Map<string, Finding>()).set(name, finding));
}

/** Leaves out what refers to a refused object too: by its name a router could reach what another service defines by it. */
function withoutDependents({ config }: Fragment, refused: Map<Section, Map<string, Finding>>): MutableConfig {
  const left = newConfig(config);
  for (const [section, names] of refused) for (const name of names.keys()) left[section].delete(name);
  for (let isComplete = false; !isComplete; ) {
    isComplete = true;
    for (const section of SECTIONS) {
      for (const [name, object] of left[section]) {
        const missing = referencesOf(section, object).find((reference) => {
          const target = targetOf(section, reference);
          return target !== undefined && refused.get(target)?.has(reference.name.replace(/@file$/, "")) === true;
        });
        if (missing === undefined) continue;
        left[section].delete(name);
        isComplete = false;
        note(refused, section, name, {
          code: "POLICY_REFUSED",
          message: `${resourceKey(section, name)} relies on the ${missing.kind} ${JSON.stringify(missing.name)}, which was refused`,
          remedy: `do without that ${missing.kind}`,
        });
      }
    }
  }
  return left;
}
