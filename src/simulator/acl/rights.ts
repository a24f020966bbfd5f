import type { Access, ResourceKind } from "../consul/access.ts";
import type { PolicyRule } from "./rules.ts";

/**
 * The rules of all policies of a token together, as Consul weighs them: a rule on the very name before one on a prefix,
 * the longest prefix before the others, and of equal ones "deny" before "write" before "read"; where none fits, the
 * default policy.
 */
export function accessFrom(rules: readonly PolicyRule[], defaultPolicy: "allow" | "deny"): Access {
  return {
    isFull: false,
    can(action, kind, name) {
      const policy = decidingPolicy(rules, kind, name);
      if (policy === undefined) return defaultPolicy === "allow";
      return policy === "write" || policy === action;
    },
  };
}

const SEVERITY: Readonly<Record<PolicyRule["policy"], number>> = { deny: 2, write: 1, read: 0 };

function decidingPolicy(
  rules: readonly PolicyRule[],
  kind: ResourceKind,
  name: string,
): PolicyRule["policy"] | undefined {
  const fitting = rules.filter((rule) => rule.kind === kind && fits(rule, name));
  return fitting.toSorted((a, b) => weight(b) - weight(a) || SEVERITY[b.policy] - SEVERITY[a.policy])[0]?.policy;
}

function fits(rule: PolicyRule, name: string): boolean {
  return rule.isPrefix ? name.startsWith(rule.name) : name === rule.name;
}

function weight(rule: PolicyRule): number {
  return rule.isPrefix ? rule.name.length : Number.POSITIVE_INFINITY;
}
