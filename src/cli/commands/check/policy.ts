import { readOperatorConfig } from "../../../app/inputs/operator-snippets.ts";
import { systemClock } from "../../../base/clock.ts";
import { parsePolicy } from "../../../config/files/policy-file.ts";
import type { Settings } from "../../../config/files/schema.ts";
import { loadBeside } from "../../../config/load.ts";
import { matchesGlob } from "../../../core/catalog/glob.ts";
import { assembleNeighbours } from "../../../core/neighbours/assemble.ts";
import { plainName } from "../../../core/policy/required-middlewares.ts";
import { WHO } from "../../../core/policy/who.ts";
import { MAIN_EDGE, type Policy, type PolicyRule } from "../../../core/settings.ts";
import { resourceKey } from "../../../core/traefik/chart/dynamic-config.ts";
import { NOTHING_KNOWN, readNeighbours } from "../../../neighbours/read-neighbours.ts";
import { SETTINGS_FLAG } from "../../command-line/flags.ts";
import type { Problem } from "./report.ts";
import { yamlFileCheck } from "./yaml-file-check.ts";

export const checkPolicyCommand = yamlFileCheck({
  name: "check policy",
  summary: "say which services each rule of a policy is about, or what is wrong with it",
  help: [
    "Reads a policy as `run` would and prints one line a rule, in the order in which they count. Names of networks, of",
    "edges and of demanded middlewares are looked up beside the settings. Reads no catalog.",
  ].join("\n"),
  flags: [SETTINGS_FLAG],
  exitCodes: { 78: "the settings to judge by cannot be used" },
  example: "policy.yml",
  invalid: "POLICY_INVALID",
  async judge(content, _, flags) {
    const settings = await loadBeside(flags, process.env);
    const parsed = parsePolicy(content, settings?.loadedLedger);
    if (parsed.kind === "refused") return parsed;
    const { policy } = parsed;
    const problems =
      settings === undefined
        ? []
        : [...unknownEdges(policy, settings), ...(await unknownMiddlewares(policy, settings))];
    return { kind: "sound", problems, details: policy.rules.map((rule) => `${rule.name}: ${described(rule)}`) };
  },
});

function described(rule: PolicyRule): string {
  const about = WHO.flatMap((field) => (rule[field] === undefined ? [] : [`${field} ${rule[field]}`]));
  const limits = Object.keys(rule).filter((key) => key !== "name" && !WHO.some((field) => field === key));
  const whom = about.length === 0 ? "all other services" : about.join(", ");
  return `${whom}; ${limits.length === 0 ? "without limits of its own" : `limited: ${limits.join(", ")}`}`;
}

/** Names and patterns that no chart of the settings has. */
function unknownEdges({ rules }: Policy, { edges }: Settings): readonly Problem[] {
  const known = [MAIN_EDGE, ...edges.map(({ name }) => name)];
  return rules.flatMap(({ name, edge = [] }) =>
    edge.flatMap((pattern, position) =>
      known.some((one) => matchesGlob(pattern, one))
        ? []
        : [
            warning(
              "EDGE_UNKNOWN",
              `${name}.edge.${position}`,
              `found ${JSON.stringify(pattern)}; the settings have ${known.join(", ")}`,
            ),
          ],
    ),
  );
}

/** Demanded middlewares that neither a snippet nor a file beside the chart defines, where all of those files are known. */
async function unknownMiddlewares(policy: Policy, settings: Settings): Promise<readonly Problem[]> {
  const { origins } = await readOperatorConfig(settings);
  const { found } = await readNeighbours(settings.output.file, NOTHING_KNOWN, systemClock);
  const { names, isComplete } = assembleNeighbours(found);
  if (!isComplete) return [];
  return policy.rules.flatMap(({ name, middlewares }) =>
    (middlewares?.require ?? []).flatMap((required, position) => {
      const plain = plainName(required);
      const key = resourceKey("http/middlewares", plain);
      // Another provider's names are known to Traefik alone.
      if (plain.includes("@") || origins.has(key) || names.get(key)?.whose === "operator") return [];
      const where = `neither a snippet nor a file beside ${settings.output.file} defines it, so that no router of these services is served; define it there`;
      return [
        warning(
          "MIDDLEWARE_UNKNOWN",
          `${name}.middlewares.require.${position}`,
          `found ${JSON.stringify(required)}; ${where}`,
        ),
      ];
    }),
  );
}

function warning(code: string, place: string, message: string): Problem {
  return { code, severity: "warning", place, message, remedy: "" };
}
