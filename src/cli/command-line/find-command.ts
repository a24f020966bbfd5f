import { didYouMean } from "../text/did-you-mean.ts";
import { quoted } from "../text/quoted.ts";
import { type CommandRow, FAMILIES, usageError } from "./command-line.ts";

/** What the first words of a command line name: a command, with the words behind its name, or a family of commands. */
export type Found =
  | { readonly kind: "command"; readonly row: CommandRow; readonly rest: readonly string[] }
  | { readonly kind: "family"; readonly family: string; readonly rest: readonly string[] };

/**
 * Finds the command with the longest name that the words begin with: `ports ask` before `ports`. Throws AppError (exit code 64)
 * for an unknown one, with what is near.
 */
export function findCommand([first = "", ...rest]: readonly string[], rows: readonly CommandRow[]): Found {
  const [second, ...others] = rest;
  const long = rows.find(({ name }) => name === `${first} ${second}`);
  if (long !== undefined) return { kind: "command", row: long, rest: others };
  const row = rows.find(({ name }) => name === first);
  if (row !== undefined) return { kind: "command", row, rest };
  if (membersOf(first, rows).length > 0) return { kind: "family", family: first, rest };
  if (first.startsWith("-")) {
    throw usageError(
      `found ${quoted(first)} where a command is expected; flags stand behind it: portolan COMMAND --flag`,
    );
  }
  const known = [...new Set(rows.map(({ name }) => firstWord(name)))];
  throw usageError(`unknown command ${quoted(first)}; known: ${known.join(", ")}${didYouMean(first, known)}`);
}

/** The second words of the commands whose first word it is. */
export function membersOf(family: string, rows: readonly CommandRow[]): readonly string[] {
  return rows.flatMap(({ name }) => (name.startsWith(`${family} `) ? [name.slice(family.length + 1)] : []));
}

/** The same for a family that has no command of its own name, and is one row of the overview. */
export function isFamily(word: string, rows: readonly CommandRow[]): boolean {
  return Object.hasOwn(FAMILIES, word) && membersOf(word, rows).length > 0;
}

export function firstWord(name: string): string {
  return name.split(" ")[0] ?? name;
}
