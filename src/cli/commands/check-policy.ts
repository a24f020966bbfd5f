import { EXIT_CODES } from "../../base/errors.ts";
import { inputTitle } from "../../base/input-title.ts";
import { printable } from "../../base/printable.ts";
import { loadPolicy } from "../../config/load.ts";
import { WHO } from "../../core/policy/who.ts";
import type { PolicyRule } from "../../core/settings.ts";
import { type Command, usageError } from "../command-line/command-line.ts";

export const checkPolicyCommand: Command = {
  name: "check policy",
  summary: "say which services each rule of a policy is about, or what is wrong with it",
  help: [
    "Reads a policy as `run` would (- reads standard input) and prints one line a rule, in the order in which they count. Reads no catalog and writes",
    "no file.",
  ].join("\n"),
  operands: "FILE",
  flags: [],
  exitCodes: { 0: "the policy is sound", 78: "it has problems, each of which is listed" },
  async run(_, [file, ...others]) {
    if (file === undefined || others.length > 0) {
      throw usageError("check policy: name one file, for example policy.yml, or - for standard input");
    }
    const { rules } = await loadPolicy(file);
    const lines = [`SUCCESS: ${inputTitle(file)}`, ...rules.map((rule) => `  ${rule.name}: ${described(rule)}`)];
    process.stdout.write(lines.map((line) => `${printable(line)}\n`).join(""));
    return EXIT_CODES.ok;
  },
};

function described(rule: PolicyRule): string {
  const about = WHO.flatMap((field) => (rule[field] === undefined ? [] : [`${field} ${rule[field]}`]));
  const limits = Object.keys(rule).filter((key) => key !== "name" && !WHO.some((field) => field === key));
  const whom = about.length === 0 ? "all other services" : about.join(", ");
  return `${whom}; ${limits.length === 0 ? "without limits of its own" : `limited: ${limits.join(", ")}`}`;
}
