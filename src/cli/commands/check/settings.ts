import { STANDARD_INPUT } from "../../../base/input-title.ts";
import { checkSettings } from "../../../config/check-settings.ts";
import { findSettingsFile } from "../../../config/files/settings-file.ts";
import type { Command } from "../../command-line/command-line.ts";
import { oneFile, problemsOf, readYamlDocument } from "./input.ts";
import { CHECK_EXIT_CODES, JSON_FLAG, type Problem, tell } from "./report.ts";

export const checkSettingsCommand: Command = {
  name: "check settings",
  summary: "say what is wrong with a settings file, its policy and its ledger",
  help: [
    "Judges the file by itself, without environment and flags, and the policy and the ledger that it names; without a FILE the",
    "one that `run` would take. Asks no catalog, reads no token and no certificate.",
  ].join("\n"),
  operands: "[FILE|-]",
  flags: [JSON_FLAG],
  exitCodes: CHECK_EXIT_CODES,
  async run(flags, operands) {
    const found = operands.length === 0 ? await findSettingsFile({}, process.env) : undefined;
    const subject = found?.path ?? oneFile("check settings", operands, "portolan.yml");
    const read = await readYamlDocument(subject);
    if (read.kind === "refused") return tell({ subject, problems: [read.problem] }, flags);
    const { text, content } = read.value;
    const { errors, warnings, missing } = await checkSettings(
      subject === STANDARD_INPUT ? "./stdin" : subject,
      content,
    );
    const problems: readonly Problem[] = [
      ...problemsOf("SETTING_INVALID", errors, text),
      ...problemsOf("SETTING_DOUBTED", warnings, text).map((one) => ({ ...one, severity: "warning" as const })),
      ...missing.map(unnamed),
    ];
    return tell({ subject, problems }, flags);
  },
};

function unnamed(setting: string): Problem {
  const remedy =
    setting === "output.file" ? "give it, or start with --output FILE" : "give it, or start with --state-dir DIR";
  return { code: "SETTING_MISSING", severity: "info", place: setting, message: "not in the file, and needed", remedy };
}
