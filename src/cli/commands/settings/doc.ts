import { EXIT_CODES } from "../../../base/errors.ts";
import { printable, printableLines } from "../../../base/printable.ts";
import { allowedIn } from "../../../config/resolve/allowed-in.ts";
import { type SettingReference, settingsReference } from "../../../config/resolve/reference.ts";
import { type SettingInForce, settingsAsFarAsKnown } from "../../../config/settings-in-force.ts";
import { type FlagValues, usageError } from "../../command-line/command-line.ts";
import { didYouMean } from "../../text/did-you-mean.ts";
import { quoted } from "../../text/quoted.ts";
import { columns, wrap } from "../../text/wrap.ts";
import { settingText } from "./setting-text.ts";

/** Does what `settingsDocCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues, [key, ...others]: readonly string[]): Promise<number> {
  if (others.length > 0) throw usageError("settings doc: name one setting, for example publish.quiet");
  const all = settingsReference();
  if (key === undefined) {
    process.stdout.write(all.map(({ path, doc }) => entry(path, doc)).join(""));
    return EXIT_CODES.ok;
  }
  const own = all.filter(({ path }) => path === key || path.startsWith(`${key}.`) || path.startsWith(`${key}[]`));
  if (own.length === 0) {
    const known = all.flatMap(({ path }) => [path, path.replace(/(\.|\[\]).*/, "")]);
    throw usageError(
      `settings doc: ${quoted(key)} is no setting${didYouMean(key, known) || "; portolan settings doc lists all"}`,
    );
  }
  const { rows, problem } = await settingsAsFarAsKnown(flags, process.env);
  const parts = own.map((one) => (one.path === key || own.length === 1 ? whole(one, rows) : entry(one.path, one.doc)));
  process.stdout.write(parts.join(""));
  if (problem !== undefined) {
    process.stderr.write(`portolan: what counts now is not known: ${printableLines(problem)}\n`);
  }
  return EXIT_CODES.ok;
}

function entry(path: string, doc: string): string {
  return `${path}\n  ${wrap(doc, 2)}\n`;
}

function whole(setting: SettingReference, rows: readonly SettingInForce[]): string {
  const { path, doc, fallback, flag, variable } = setting;
  const now = rows.find((row) => row.path === path);
  const lines: (readonly [string, string | undefined])[] = [
    ["allowed", allowedIn(path)],
    ["default", fallback === undefined ? undefined : settingText(fallback)],
    ["flag", flag && `--${flag}`],
    ["variable", variable],
    ["now", now === undefined ? undefined : `${printable(settingText(now.value))} (${printable(now.from)})`],
  ];
  const told = lines.flatMap(([name, text]) => (text === undefined || text === "" ? [] : [[name, text] as const]));
  return `${entry(path, doc)}\n${columns(told)}`;
}
