import { AppError } from "../../errors.ts";

export type ResourceKind = "service" | "node";

/** One rule of a policy: `service_prefix "web" { policy = "read" }`. */
export interface PolicyRule {
  readonly kind: ResourceKind;
  readonly isPrefix: boolean;
  readonly name: string;
  readonly policy: "read" | "write" | "deny";
}

const RULE =
  /\s*(service|node|agent|key|session|query|event)(_prefix)?\s+"([^"\\]*)"\s*\{\s*policy\s*=\s*"(\w+)"\s*\}/y;
const POLICIES: readonly string[] = ["read", "write", "deny"];

/**
 * The rules of a policy in Consul's language, as far as reading a catalog needs it: services and nodes by name or prefix;
 * those on other things are read over. Throws AppError with E_SIMULATOR_REFUSED for anything else, in Consul's words
 * where a policy is none.
 */
export function parseRules(text: string): readonly PolicyRule[] {
  const rules: PolicyRule[] = [];
  const source = text.trimEnd();
  RULE.lastIndex = 0;
  while (RULE.lastIndex < source.length) {
    const at = RULE.lastIndex;
    const [, kind = "", prefix = "", name = "", policy = ""] = RULE.exec(source) ?? [];
    if (kind === "")
      throw unreadable(`the embedded catalog cannot read the rule at ${JSON.stringify(source.slice(at))}`);
    if (!isPolicy(policy)) throw unreadable(`Invalid ${kind}${prefix} policy: ${policy}, want read, write or deny`);
    if (kind === "service" || kind === "node") rules.push({ kind, isPrefix: prefix !== "", name, policy });
  }
  return rules;
}

function isPolicy(text: string): text is PolicyRule["policy"] {
  return POLICIES.includes(text);
}

function unreadable(message: string): AppError {
  return new AppError(message, { code: "E_SIMULATOR_REFUSED", retryable: false });
}
