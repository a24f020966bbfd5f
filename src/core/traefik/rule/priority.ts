import { utf8Length } from "../../../go/utf8.ts";
import type { RuleMatcher, RuleProtocol } from "./matchers.ts";

/**
 * The priority of a router that sets none, or 0: the bytes of its rule. A TCP rule that is nothing but ``HostSNI(`*`)``,
 * negated or not, comes after all others.
 */
export function priorityByLength(protocol: RuleProtocol, rule: string, matchers: readonly RuleMatcher[]): number {
  const [first, second] = matchers;
  const isCatchAll = first?.name === "HostSNI" && first.values[0] === "*" && second === undefined;
  return protocol === "tcp" && isCatchAll ? -1 : utf8Length(rule);
}
