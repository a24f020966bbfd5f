import { parsePolicy } from "../../../config/files/policy-file.ts";
import { WHO } from "../../../core/policy/who.ts";
import type { PolicyRule } from "../../../core/settings.ts";
import type { Command } from "../../command-line/command-line.ts";
import { oneFile, problemsOf, readYamlDocument } from "./input.ts";
import { CHECK_EXIT_CODES, JSON_FLAG, tell } from "./report.ts";

export const checkPolicyCommand: Command = {
  name: "check policy",
  summary: "say which services each rule of a policy is about, or what is wrong with it",
  help: "Reads a policy as `run` would and prints one line a rule, in the order in which they count. Reads no catalog.",
  operands: "FILE|-",
  flags: [JSON_FLAG],
  exitCodes: CHECK_EXIT_CODES,
  async run(flags, operands) {
    const subject = oneFile("check policy", operands, "policy.yml");
    const read = await readYamlDocument(subject);
    if (read.kind === "refused") return tell({ subject, problems: [read.problem] }, flags);
    const parsed = parsePolicy(read.value.content);
    if (parsed.kind === "refused")
      return tell({ subject, problems: problemsOf("POLICY_INVALID", parsed.errors, read.value.text) }, flags);
    const details = parsed.policy.rules.map((rule) => `${rule.name}: ${described(rule)}`);
    return tell({ subject, problems: [], details }, flags);
  },
};

function described(rule: PolicyRule): string {
  const about = WHO.flatMap((field) => (rule[field] === undefined ? [] : [`${field} ${rule[field]}`]));
  const limits = Object.keys(rule).filter((key) => key !== "name" && !WHO.some((field) => field === key));
  const whom = about.length === 0 ? "all other services" : about.join(", ");
  return `${whom}; ${limits.length === 0 ? "without limits of its own" : `limited: ${limits.join(", ")}`}`;
}
