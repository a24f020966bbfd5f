import { EXIT_CODES } from "../../../base/errors.ts";
import { printable, printableLines } from "../../../base/printable.ts";
import { settingsFileTitle } from "../../../config/files/settings-file.ts";
import type { SettingInForce } from "../../../config/settings-in-force.ts";
import type { Command } from "../../command-line/command-line.ts";
import { SETTINGS_FLAGS } from "../../command-line/flags.ts";
import { textTable } from "../../text/text-table.ts";
import { settingText } from "./setting-text.ts";

export const settingsShowCommand: Command = {
  name: "settings show",
  summary: "print the settings in force, and where each value comes from",
  help: [
    "Resolves file, environment and flags as run does, and prints each value with the flag, the variable or the line of the",
    "file that it comes from, or `default`. Tokens and keys are masked. No process is asked: a portolan that runs may have been",
    "started with other flags and variables.",
  ].join("\n"),
  flags: [...SETTINGS_FLAGS, { name: "json", help: "print JSON, in which nothing is cut" }],
  exitCodes: { 0: "the settings are sound", 78: "they have problems, each of which is listed" },
  async run(flags) {
    // Loaded to run, and not for the page of help.
    const { settingsInForce } = await import("../../../config/settings-in-force.ts");
    const { settings, file, rows } = await settingsInForce(flags, process.env);
    process.stderr.write((settings.warnings ?? []).map((warning) => `portolan: ${printable(warning)}\n`).join(""));
    if (flags["json"] !== undefined) {
      const json = {
        file: file?.path ?? null,
        settings: rows.map(({ path, value, from }) => ({ path, value, from })),
      };
      process.stdout.write(printableLines(`${JSON.stringify(json, undefined, 2)}\n`));
      return EXIT_CODES.ok;
    }
    const table = textTable(
      ["SETTING", "VALUE", "FROM"],
      rows.map((row) => rowOf(row, file?.path)),
    );
    process.stdout.write(`${printable(settingsFileTitle(file))}\n\n${table}`);
    return EXIT_CODES.ok;
  },
};

/** The file stands above the table, so that a row has the line alone. */
function rowOf({ path, value, from }: SettingInForce, file: string | undefined): readonly string[] {
  const isOfFile = file !== undefined && (from === file || from.startsWith(`${file}:`));
  const place = isOfFile ? (from === file ? "the file" : `line ${from.slice(file.length + 1)}`) : from;
  return [path, cut(settingText(value)), place];
}

const MOST_SHOWN = 60;

function cut(text: string): string {
  return text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN - 1)}…`;
}
