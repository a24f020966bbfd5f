import type { ResourceKind } from "../consul/access.ts";
import { refused } from "../state/definition.ts";

/** One rule of a policy: `service_prefix "web" { policy = "read" }`. */
export interface PolicyRule {
  readonly kind: ResourceKind;
  readonly isPrefix: boolean;
  readonly name: string;
  readonly policy: "read" | "write" | "deny";
}

const RULE =
  /\s*(service|node|agent|key|session|query|event)(_prefix)?\s+"([^"\\]*)"\s*\{\s*policy\s*=\s*"(\w+)"\s*\}/y;
const KINDS: readonly string[] = ["service", "node", "agent"];
const POLICIES: readonly string[] = ["read", "write", "deny"];

/**
 * The rules of a policy in Consul's language, as far as a catalog needs it: services, nodes and agents by name or prefix;
 * those on other things are read over. Throws E_SIMULATOR_REFUSED for anything else.
 */
export function parseRules(text: string): readonly PolicyRule[] {
  const rules: PolicyRule[] = [];
  const source = text.trimEnd();
  let at = 0;
  while (at < source.length) {
    RULE.lastIndex = at;
    const [, kind = "", prefix = "", name = "", policy = ""] = RULE.exec(source) ?? [];
    if (kind === "") throw refused(`the embedded catalog cannot read the rule ${JSON.stringify(source.slice(at))}`);
    if (!isPolicy(policy)) throw refused(`Invalid ${kind}${prefix} policy: "${policy}", want read, write or deny`);
    if (isKind(kind)) rules.push({ kind, isPrefix: prefix !== "", name, policy });
    at = RULE.lastIndex;
  }
  return rules;
}

function isKind(text: string): text is ResourceKind {
  return KINDS.includes(text);
}

function isPolicy(text: string): text is PolicyRule["policy"] {
  return POLICIES.includes(text);
}
