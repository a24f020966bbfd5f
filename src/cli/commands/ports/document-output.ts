import { count } from "../../../base/count.ts";
import { EXIT_CODES } from "../../../base/errors.ts";
import { inputTitle, STANDARD_INPUT } from "../../../base/input-title.ts";
import { printable, printableLines } from "../../../base/printable.ts";
import { shellWord } from "../../../core/diagnostics/shell-word.ts";
import { type FlagValues, usageError } from "../../command-line/command-line.ts";
import { DOCUMENT_FORMATS } from "../../flags/port-flags.ts";
import { lineDiff } from "../../text/line-diff.ts";
import { readText } from "../check/input.ts";

export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

/** The format that these flags mean. Throws AppError (exit code 64): a table for people is nothing to compare with. */
export function documentFormat(command: string, { format, check }: FlagValues): DocumentFormat {
  const chosen = DOCUMENT_FORMATS.find((one) => one === format) ?? (check === undefined ? "table" : "markdown");
  if (check !== undefined && chosen === "table") {
    throw usageError(`${command}: --check compares a document; allowed beside it: --format markdown, csv or json`);
  }
  return chosen;
}

/** A value as JSON for people and machines: characters that steer a terminal are escaped, as JSON lets them pass. */
export function jsonText(value: unknown): string {
  return `${printableLines(JSON.stringify(value, undefined, 2))}\n`;
}

/**
 * Prints a document; with `--check` compares a file with it, and tells what is out of date and how it is renewed.
 *
 * @param command the words behind `portolan`
 * @returns the exit code
 */
export async function deliver(command: string, flags: FlagValues, text: string): Promise<number> {
  const { check: file, ...rest } = flags;
  if (file === undefined) {
    process.stdout.write(text);
    return EXIT_CODES.ok;
  }
  const renewal = renewalOf(command, { ...rest, format: documentFormat(command, flags) }, file);
  const read = await readText(file);
  if (read.kind === "refused") {
    say([`${inputTitle(file)} ${read.problem.message}`, renewal]);
    return EXIT_CODES.failure;
  }
  const [is, should] = [comparableLines(read.value), comparableLines(text)];
  const changes = lineDiff(is, should);
  if (changes.length === 0) {
    say([`${inputTitle(file)} is up to date`]);
    return EXIT_CODES.ok;
  }
  const shown = changes.slice(0, MOST_CHANGES).map(({ kind, line, text: own }) => {
    const [sign, where] = kind === "removed" ? ["-", String(line)] : ["+", ""];
    return `${where.padStart(6)} ${sign} ${own}`;
  });
  const more = changes.length - shown.length;
  say([
    `${inputTitle(file)} is out of date: ${count(changes.length, "line")} differ${changes.length === 1 ? "s" : ""} (- as it is, + as it should be)`,
    ...shown,
    ...(more === 0 ? [] : [`       … and ${count(more, "more line")}`]),
    renewal,
  ]);
  return EXIT_CODES.failure;
}

const MOST_CHANGES = 40;

/**
 * Lines as they are compared: the kind of line ends, spaces at the end, and the widths that a formatter gives the columns of a
 * table say nothing.
 */
function comparableLines(text: string): readonly string[] {
  return text
    .replace(/^\ufeff/, "")
    .trimEnd()
    .split(/\r?\n/)
    .map((line) =>
      line.startsWith("|")
        ? line
            .replace(/\s*(?<!\\)\|\s*/g, " | ")
            .replace(/(?<=\| ):?-{2,}:?(?= \|)/g, "---")
            .trim()
        : line.trimEnd(),
    );
}

function renewalOf(command: string, flags: FlagValues, file: string): string {
  const words = Object.entries(flags).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, shellWord(value)],
  );
  const target = file === STANDARD_INPUT ? "" : ` > ${shellWord(file)}`;
  return `To renew it: portolan ${[command, ...words].join(" ")}${target}`;
}

function say(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${printable(line)}\n`).join(""));
}
