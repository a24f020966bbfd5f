import { matchesGlob } from "../catalog/glob.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { CoreSettings, PolicyRule } from "../settings.ts";

/** Why the chart of this edge gets nothing of a service that the rule is about; undefined where it may. */
export function whyOtherEdge(rule: PolicyRule, { edge, traefik }: CoreSettings): Finding | undefined {
  if (rule.edge === undefined || rule.edge.some((name) => matchesGlob(name, edge))) return undefined;
  const allowed = rule.edge.length === 0 ? "none" : rule.edge.join(", ");
  return {
    code: "POLICY_REFUSED",
    message: `the service asks for routes at the edge ${JSON.stringify(edge)} (tags ${traefik.prefix}.…), allowed: ${allowed}, by ${rule.name} of the policy`,
    remedy: `write the tag ${traefik.prefix}.enable=false in place of the others of this edge, or have the operator change the policy`,
  };
}
