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

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text.toWellFormed()) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else bytes += code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
