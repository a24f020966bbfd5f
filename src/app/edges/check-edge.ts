import { dirname } from "node:path";
import type { Settings } from "../../config/files/schema.ts";
import { MAIN_EDGE } from "../../core/settings.ts";
import { checkOutput } from "../../output/chart/check-output.ts";
import { whyUnreadable } from "../../output/chart/check-reader.ts";
import { strangersWarning } from "../../output/chart/check-writers.ts";
import type { StagingDir } from "../../output/chart/staging-dir.ts";
import { type EdgePlan, unusableOutput } from "./edge-plan.ts";

/**
 * Looks at where the chart will lie; answers with warnings for the operator. Throws AppError (exit code 78) where nothing that
 * is written there could reach Traefik.
 */
export async function checkEdge(
  { name, file }: EdgePlan,
  staging: StagingDir,
  { output, stateDir }: Pick<Settings, "output" | "stateDir">,
): Promise<readonly string[]> {
  const setting = name === MAIN_EDGE ? "output.file" : `edges.${name}.file`;
  const problems = await checkOutput({ path: file, stagingDir: staging.dir });
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw unusableOutput(errors.map(({ message }) => `${setting}: ${message}`).join("\n"));
  const warnings = [
    staging.warning,
    await whyUnreadable({ path: file, mode: output.mode, gid: output.gid }),
    await strangersWarning(dirname(file), "others"),
    name === MAIN_EDGE ? await strangersWarning(stateDir, "group and others") : undefined,
    ...problems.map(({ message }) => message),
  ];
  return warnings.filter((warning) => warning !== undefined);
}
