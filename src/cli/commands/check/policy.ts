import { parsePolicy } from "../../../config/files/policy-file.ts";
import { WHO } from "../../../core/policy/who.ts";
import type { PolicyRule } from "../../../core/settings.ts";
import { yamlFileCheck } from "./yaml-file-check.ts";

export const checkPolicyCommand = yamlFileCheck({
  name: "check policy",
  summary: "say which services each rule of a policy is about, or what is wrong with it",
  help: "Reads a policy as `run` would and prints one line a rule, in the order in which they count. Reads no catalog.",
  example: "policy.yml",
  invalid: "POLICY_INVALID",
  judge(content) {
    const parsed = parsePolicy(content);
    if (parsed.kind === "refused") return parsed;
    const details = parsed.policy.rules.map((rule) => `${rule.name}: ${described(rule)}`);
    return { kind: "sound", problems: [], details };
  },
});

function described(rule: PolicyRule): string {
  const about = WHO.flatMap((field) => (rule[field] === undefined ? [] : [`${field} ${rule[field]}`]));
  const limits = Object.keys(rule).filter((key) => key !== "name" && !WHO.some((field) => field === key));
  const whom = about.length === 0 ? "all other services" : about.join(", ");
  return `${whom}; ${limits.length === 0 ? "without limits of its own" : `limited: ${limits.join(", ")}`}`;
}
