import { parseArgs } from "node:util";
import { didYouMean } from "../text/did-you-mean.ts";
import { quoted } from "../text/quoted.ts";
import { type Command, type Flag, type FlagValues, usageError } from "./command-line.ts";

export interface CommandWords {
  readonly flags: FlagValues;
  readonly operands: readonly string[];
}

/** Line ends of every kind: a word with one would make lines of its own in messages and logs. */
const LINE_END = /[\n\r\v\f\u0085\u2028\u2029]/u;

/**
 * Reads the words behind a command's name; "help" where they ask for its page. Throws AppError (exit code 64) that names the
 * wrong word and what is allowed.
 *
 * @param members second words of the commands whose first word is this command's name
 */
export function readWords(
  command: Command,
  words: readonly string[],
  members: readonly string[] = [],
): CommandWords | "help" {
  const { tokens } = parseArgs({
    args: [...words],
    options: { ...optionsOf(command.flags), help: { type: "boolean", short: "h" } },
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  if (tokens.some((token) => token.kind === "option" && token.name === "help")) return "help";
  const flags: Record<string, string> = {};
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === "option") {
      const flag = flagOf(command, token.name, token.rawName);
      flags[flag.name] = textOf(command, flag, token.value, token.inlineValue === true);
    } else if (token.kind === "positional") {
      if (command.operands === undefined) throw unexpected(command, token.value, members);
      if (LINE_END.test(token.value))
        throw refused(command, `found a line end in ${quoted(token.value)}; one line is allowed`);
      operands.push(token.value);
    }
  }
  return { flags, operands };
}

function optionsOf(flags: readonly Flag[]) {
  return Object.fromEntries(
    flags.map(({ name, value }) => [name, { type: value === undefined ? ("boolean" as const) : ("string" as const) }]),
  );
}

function flagOf(command: Command, name: string, written: string): Flag {
  const flag = command.flags.find((one) => one.name === name);
  if (flag !== undefined) return flag;
  const names = [...command.flags.map((one) => `--${one.name}`), "--help"];
  throw refused(command, `unknown flag ${quoted(written)}; allowed: ${names.join(" ")}${didYouMean(written, names)}`);
}

function textOf(command: Command, flag: Flag, value: string | undefined, isInline: boolean): string {
  const { name, value: kind, values } = flag;
  if (kind === undefined) {
    if (value === undefined) return "true";
    throw refused(command, `--${name} takes no value, and has ${quoted(value)}; write --${name} alone`);
  }
  // A flag behind it is rather a forgotten value than a value; `--flag=-x` says that it is one.
  if (value === undefined || (!isInline && value.startsWith("-") && value !== "-")) {
    const found = value === undefined ? "nothing" : quoted(value);
    throw refused(command, `--${name} needs a value (${kind}), and ${found} follows; write --${name}=${kind}`);
  }
  if (LINE_END.test(value))
    throw refused(command, `--${name}: found a line end in ${quoted(value)}; one line is allowed`);
  if (values !== undefined && !values.includes(value)) {
    throw refused(
      command,
      `--${name}: found ${quoted(value)}; allowed: ${values.join(", ")}${didYouMean(value, values)}`,
    );
  }
  return value;
}

function unexpected(command: Command, word: string, members: readonly string[]) {
  const flags = command.flags.map(({ name }) => `--${name}`);
  const near = didYouMean(word, [...members, ...flags]);
  const allowed = [...members.map((member) => `portolan ${command.name} ${member}`), ...flags, "--help"];
  return refused(command, `unexpected word ${quoted(word)}; allowed: ${allowed.join(", ")}${near}`);
}

function refused({ name }: Command, problem: string) {
  return usageError(`${name}: ${problem}`);
}
