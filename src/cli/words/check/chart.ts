import { TRAEFIK_VERSIONS } from "../../../core/traefik/chart/dynamic-config.ts";
import type { Command } from "../../command-line/command-line.ts";
import { CHECK_EXIT_CODES } from "../../flags/check-flags.ts";
import { JUDGE_FLAGS } from "../../flags/judge-flags.ts";

export const checkChartCommand: Command = {
  name: "check chart",
  summary: "say what Traefik would refuse or disable of a file in its format",
  help: [
    "Judges a chart, or any file for Traefik's file provider, by the fields, values, rules, references and limits that Traefik",
    "knows; several files as they lie in one directory. YAML, or TOML by the file's ending; a template is not executed.",
  ].join("\n"),
  operands: "FILE …|-",
  flags: [
    ...JUDGE_FLAGS.filter(({ name }) => name !== "catalog"),
    { name: "traefik-version", value: "VERSION", values: TRAEFIK_VERSIONS, help: "(default: the settings', else 3.6)" },
    { name: "format", value: "FORMAT", values: ["yaml", "toml"], help: "(default: by the file's ending, else yaml)" },
  ],
  exitCodes: { ...CHECK_EXIT_CODES, 78: "the settings to judge by cannot be used" },
  run: async (flags, operands) => (await import("../../commands/check/chart.ts")).run(flags, operands),
};
