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
import type { FlagValues } from "../../command-line/command-line.ts";
import type { Problem } from "./report.ts";
import { checkYamlFile, type JudgedContent } from "./yaml-file-check.ts";

/** Does what `checkPolicyCommand` says. Resolves to the exit code. */
export function run(flags: FlagValues, operands: readonly string[]): Promise<number> {
  const check = { name: "check policy", example: "policy.yml", invalid: "POLICY_INVALID", judge };
  return checkYamlFile(check, flags, operands);
}

async function judge(content: unknown, _: string, flags: FlagValues): Promise<JudgedContent> {
  const settings = await loadBeside(flags, process.env);
  const parsed = parsePolicy(content, settings?.loadedLedger);
  if (parsed.kind === "refused") return parsed;
  const { policy } = parsed;
  const problems =
    settings === undefined ? [] : [...unknownEdges(policy, settings), ...(await unknownMiddlewares(policy, settings))];
  return { kind: "sound", problems, details: policy.rules.map((rule) => `${rule.name}: ${described(rule)}`) };
}

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
