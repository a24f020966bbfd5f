import type { ServiceInstance } from "../catalog/snapshot.ts";
import { memoize } from "../incremental/memoize.ts";
import type { Policy, PolicyRule } from "../settings.ts";
import { compileWho, isOfNamedNamespace, WHO } from "./who.ts";

/** The rule that counts for an instance. */
export function ruleFor(policy: Policy, instance: ServiceInstance): PolicyRule | undefined {
  return finder(policy)(instance);
}

const finder = memoize(({ rules }: Policy) => {
  const compiled = rules.map((rule) => ({ rule, isMeant: compileWho(rule) }));
  const asked = WHO.filter((field) => rules.some((rule) => rule[field] !== undefined));
  let latest: { readonly instance: ServiceInstance; readonly rule: PolicyRule | undefined } | undefined;
  return (instance: ServiceInstance) => {
    // Instances of one service come in a row, and mostly the rules ask nothing in which they differ.
    const known = latest;
    if (known === undefined || asked.some((field) => instance[field] !== known.instance[field])) {
      latest = { instance, rule: compiled.find(({ isMeant }) => isMeant(instance))?.rule };
    }
    return latest?.rule;
  };
});

/** What a policy grants a service at a host. */
export interface Grant {
  readonly isHostNamed: boolean;
  readonly arePathsNamed: boolean;
  /**
   * Whether it counts against a service of another namespace. A rule that names a service or a job and no namespace means
   * the default one there, as everywhere in Nomad and Consul: in each namespace another team may have a service of that name.
   */
  readonly isAcrossNamespaces: boolean;
}

/** Does the policy name this host for a service, and does it name paths? By the rule of its newest instance. */
export function grantOf(policy: Policy | undefined, [newest]: readonly ServiceInstance[], host: string): Grant {
  const rule = policy && newest && ruleFor(policy, newest);
  if (rule === undefined || newest === undefined) return NO_GRANT;
  return {
    isHostNamed: rule.hosts?.some((allowed) => isHostAllowed(allowed, host)) === true,
    arePathsNamed: rule.paths !== undefined,
    isAcrossNamespaces: isOfNamedNamespace(rule, newest),
  };
}

const NO_GRANT: Grant = { isHostNamed: false, arePathsNamed: false, isAcrossNamespaces: false };

/** Does the policy name hosts and paths for a service, whichever they are? By the rule of its newest instance. */
export function namesHostsAndPaths(policy: Policy | undefined, [newest]: readonly ServiceInstance[]): boolean {
  const rule = policy && newest && ruleFor(policy, newest);
  return rule?.hosts !== undefined && rule.paths !== undefined;
}

/** `*` is every host, `*.example.org` every one below example.org. */
export function isHostAllowed(allowed: string, host: string): boolean {
  if (allowed === "*") return true;
  return allowed.startsWith("*.") ? host.endsWith(allowed.slice(1)) && host.length >= allowed.length : host === allowed;
}
