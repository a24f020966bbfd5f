import { parse } from "yaml";
import { parsePolicy } from "../../src/config/files/policy-file.ts";
import type { Policy } from "../../src/core/settings.ts";

/** The content of a policy file, parsed; it must be sound. */
export function policyOf(content: unknown): Policy {
  const parsed = parsePolicy(content);
  if (parsed.kind === "refused") throw new Error(parsed.errors.join("\n"));
  return parsed.policy;
}

/** Whether a remedy ends with lines of a policy. */
export function printsPolicy(remedy: string): boolean {
  return / with the content: rules: \[| before the other rules of the policy: - \{/.test(remedy);
}

/**
 * The policy after the lines that a remedy prints have been copied as they are.
 *
 * @param before the content of the policy until then; where there is none, the printed text is the file
 */
export function policyWith(remedy: string, before?: { readonly rules: readonly unknown[] }): Policy {
  if (before === undefined) return policyOf(parse(remedy.replace(/^.*? with the content: (?=rules: \[)/, "")));
  const lines = remedy.replace(/^.*? before the other rules of the policy: (?=- \{)/, "").split(/ and (?=- \{)/);
  return policyOf({ ...before, rules: [...(parse(lines.join("\n")) as unknown[]), ...before.rules] });
}
