import { parseArgs } from "node:util";
import { type Command, type CommandRow, type FlagValues, usageError } from "./command-line.ts";
import { manual, overview } from "./help.ts";

/** What a command line asks for. */
export type Invocation =
  | {
      readonly kind: "command";
      readonly command: Command;
      readonly flags: FlagValues;
      readonly operands: readonly string[];
    }
  | { readonly kind: "help"; readonly text: string };

/**
 * Reads a command line, and loads the command that it names and no other. Throws AppError (exit code 64) that names the wrong
 * word and what is allowed.
 */
export async function parseCommandLine(argv: readonly string[], rows: readonly CommandRow[]): Promise<Invocation> {
  const [name, ...rest] = withLongNames(argv, rows);
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    return { kind: "help", text: overview(rows) };
  }
  if (name === "--version") return parseCommandLine(["version"], rows);
  const row = rows.find((candidate) => candidate.name === name);
  if (row === undefined) {
    const known = rows.map((candidate) => candidate.name).join(", ");
    throw usageError(`unknown command ${JSON.stringify(name)}; known: ${known}`);
  }
  const command = await row.load();
  const options = Object.fromEntries(
    command.flags.map(({ name, value }) => [
      name,
      { type: value === undefined ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  try {
    const { values, positionals: operands } = parseArgs({
      args: rest,
      options: { ...options, help: { type: "boolean", short: "h" } },
      allowPositionals: command.operands !== undefined,
    });
    if (values["help"] === true) return { kind: "help", text: manual(command) };
    const flags = Object.entries(values).map(([flag, value]) => [flag, value === undefined ? value : String(value)]);
    return { kind: "command", command, flags: Object.fromEntries(flags), operands };
  } catch (error) {
    const problem = error instanceof Error ? (error.message.split(". ")[0] ?? "") : "bad arguments";
    const allowed = command.flags.map((flag) => `--${flag.name}`).join(" ");
    throw usageError(`${name}: ${problem}; allowed: ${allowed} --help`);
  }
}

/** A command may have a name of two words: `check tags`. */
function withLongNames(argv: readonly string[], rows: readonly CommandRow[]): readonly string[] {
  const long = argv.slice(0, 2).join(" ");
  return rows.some(({ name }) => name === long && argv.length > 1) ? [long, ...argv.slice(2)] : argv;
}
