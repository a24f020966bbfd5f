import { STANDARD_INPUT } from "../../../base/input-title.ts";
import { checkSettings } from "../../../config/check-settings.ts";
import { findSettingsFile } from "../../../config/files/settings-file.ts";
import type { FlagValues } from "../../command-line/command-line.ts";
import { oneFile, problemsOf, readYamlDocument } from "./input.ts";
import { type Problem, tell } from "./report.ts";

/** Does what `checkSettingsCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues, operands: readonly string[]): Promise<number> {
  const found = operands.length === 0 ? await findSettingsFile({}, process.env) : undefined;
  const subject = found?.path ?? oneFile("check settings", operands, "portolan.yml");
  const read = await readYamlDocument(subject);
  if (read.kind === "refused") return tell({ subject, problems: [read.problem] }, flags);
  const { text, content } = read.value;
  const { errors, warnings, missing } = await checkSettings(subject === STANDARD_INPUT ? "./stdin" : subject, content);
  const problems: readonly Problem[] = [
    ...problemsOf("SETTING_INVALID", errors, text),
    ...problemsOf("SETTING_DOUBTED", warnings, text).map((one) => ({ ...one, severity: "warning" as const })),
    ...missing.map(unnamed),
  ];
  return tell({ subject, problems }, flags);
}

function unnamed(setting: string): Problem {
  const remedy =
    setting === "output.file" ? "give it, or start with --output FILE" : "give it, or start with --state-dir DIR";
  return { code: "SETTING_MISSING", severity: "info", place: setting, message: "not in the file, and needed", remedy };
}
