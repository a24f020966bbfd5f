import { columns, WIDTH, wrap } from "../text/wrap.ts";
import { type Command, type CommandRow, type ExitCodeDocs, FAMILIES, type Flag, GROUPS } from "./command-line.ts";
import { findCommand, firstWord, isFamily, membersOf } from "./find-command.ts";

/**
 * The page of help about what the words name: all commands, a family, or a command with its flags. Throws AppError (exit
 * code 64) where they name none.
 */
export async function helpPage(words: readonly string[], rows: readonly CommandRow[]): Promise<string> {
  if (words.length === 0) return overview(rows);
  const found = findCommand(words, rows);
  return found.kind === "family" ? familyPage(found.family, rows) : manual(await found.row.load(), rows);
}

/** Every command with its summary, by group; a family is one row. */
function overview(rows: readonly CommandRow[]): string {
  const groups = Object.entries(GROUPS).flatMap(([group, heading]) => {
    const members = rows.filter((row) => row.group === group).map((row) => overviewRow(row, rows));
    return members.length === 0 ? [] : [[heading, new Map(members)] as const];
  });
  const width = Math.max(...groups.flatMap(([, members]) => [...members.keys()].map((name) => name.length)));
  return [
    wrap(
      "portolan charts a Consul or Nomad catalog for Traefik: healthy, tagged services on dynamic ports become routes in one file.",
    ),
    "\n\nUsage: portolan COMMAND [--flag VALUE …]\n\n",
    ...groups.map(
      ([heading, members]) => `${heading}:\n${columns([...members].map(([name, text]) => [name.padEnd(width), text]))}`,
    ),
    "\n",
    wrap("`portolan help COMMAND` says more. Results go to standard output, everything else to standard error."),
    "\n",
  ].join("");
}

function overviewRow({ name, summary }: CommandRow, rows: readonly CommandRow[]): readonly [string, string] {
  const family = firstWord(name);
  return isFamily(family, rows)
    ? [family, [membersOf(family, rows).join(", "), ...saidOf(family)].join(": ")]
    : [name, summary];
}

function saidOf(family: string): readonly string[] {
  return FAMILIES[family] ? [FAMILIES[family]] : [];
}

/** The commands of a family. */
function familyPage(family: string, rows: readonly CommandRow[]): string {
  const members = rows.filter(({ name }) => name.startsWith(`${family} `));
  return [
    `Usage: portolan ${family} ${membersOf(family, rows).join("|")} …\n\n`,
    columns(members.map(({ name, summary }) => [name, summary])),
    `\n\`portolan help ${members[0]?.name}\` says more of one.\n`,
  ].join("");
}

/** What a command does, its flags, and its exit codes. */
function manual(command: Command, rows: readonly CommandRow[]): string {
  const { name, summary, flags, help, exitCodes } = command;
  const members = membersOf(name, rows);
  return [
    `${wrap(`portolan ${name}: ${summary}`)}\n`,
    `${usage(command)}\n`,
    `${wrap(help)}\n`,
    flags.length === 0 ? "" : columns(flags.map((flag) => [written(flag), flagText(flag)])),
    `${wrap(exitCodesText(exitCodes))}\n`,
    members.length === 0
      ? ""
      : `${wrap(`See also: ${members.map((member) => `portolan ${name} ${member}`).join(", ")}`)}\n`,
  ]
    .filter((part) => part !== "")
    .join("\n");
}

/** How a command is written: with its flags by name, where one line can hold them. */
export function usage({ name, operands, flags }: Command): string {
  const start = `Usage: portolan ${name}`;
  const words = operands === undefined ? "" : ` ${operands}`;
  const whole = [start, ...flags.map((flag) => `[${written(flag)}]`)].join(" ") + words;
  return flags.length === 0 || whole.length <= WIDTH ? whole : `${start} [--flag VALUE …]${words}`;
}

/** A word that is longer has no place beside a flag: its values are words of their own then. */
const MOST_VALUES = 50;

/** What is said of a flag: its values first, where they are few. */
export function flagText({ help, values }: Flag): string {
  if (values === undefined) return help;
  const inOneWord = values.join("|");
  return `${inOneWord.length > MOST_VALUES ? values.join(" | ") : inOneWord} ${help}`;
}

/** `Exit codes: 0 done; 69 the catalog did not answer.` */
export function exitCodesText(codes: ExitCodeDocs): string {
  return `Exit codes: ${Object.entries(codes)
    .map(([code, meaning]) => `${code} ${meaning}`)
    .join("; ")}.`;
}

/** A flag as it is written on a command line: `--settings FILE`. */
export function written({ name, value }: Flag): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}
