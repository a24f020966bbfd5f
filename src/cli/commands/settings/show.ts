import { EXIT_CODES } from "../../../base/errors.ts";
import { printable, printableLines } from "../../../base/printable.ts";
import { settingsFileTitle } from "../../../config/files/settings-file.ts";
import type { SettingInForce } from "../../../config/settings-in-force.ts";
import { settingsInForce } from "../../../config/settings-in-force.ts";
import type { FlagValues } from "../../command-line/command-line.ts";
import { textTable } from "../../text/text-table.ts";
import { settingText } from "./setting-text.ts";

/** Does what `settingsShowCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues): Promise<number> {
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
}

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
