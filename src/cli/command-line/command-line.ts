import { parseArgs } from "node:util";
import { AppError, EXIT_CODES } from "../../base/errors.ts";

/** A flag of a command. */
export interface Flag {
  readonly name: string;
  /** What the help calls its value; absent for a flag without one, which is "true" where it is given. */
  readonly value?: string;
  readonly help: string;
}

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** What happens, and what happens on failure. */
  readonly help: string;
  readonly flags: readonly Flag[];
  /** What the help calls the words that are no flags; absent where none are allowed. */
  readonly operands?: string;
  /** Resolves to the exit code. */
  run(flags: Readonly<Record<string, string | undefined>>, operands: readonly string[]): Promise<number>;
}

/** What a command line asks for. */
export type Invocation =
  | {
      readonly kind: "command";
      readonly command: Command;
      readonly flags: Readonly<Record<string, string | undefined>>;
      readonly operands: readonly string[];
    }
  | { readonly kind: "help"; readonly text: string };

/** Reads a command line. Throws AppError (exit code 64) that names the wrong word and what is allowed. */
export function parseCommandLine(argv: readonly string[], commands: readonly Command[]): Invocation {
  const [name, ...rest] = withLongNames(argv, commands);
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    return { kind: "help", text: overview(commands) };
  }
  if (name === "--version") return parseCommandLine(["version"], commands);
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const known = commands.map((candidate) => candidate.name).join(", ");
    throw usageError(`unknown command ${JSON.stringify(name)}; known: ${known}`);
  }
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
function withLongNames(argv: readonly string[], commands: readonly Command[]): readonly string[] {
  const long = argv.slice(0, 2).join(" ");
  return commands.some(({ name }) => name === long && argv.length > 1) ? [long, ...argv.slice(2)] : argv;
}

/** The command line cannot be understood: exit code 64. */
export function usageError(message: string): AppError {
  return new AppError(message, { code: "E_USAGE", retryable: false, exitCode: EXIT_CODES.usage });
}

function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  const rows = commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`);
  return [
    "portolan charts a Consul or Nomad catalog for Traefik: healthy, tagged services on dynamic ports become routes in one file.",
    "",
    "Usage: portolan COMMAND [--flag VALUE …]",
    "",
    ...rows,
    "",
    "portolan COMMAND --help says more. Results go to standard output, everything else to standard error.",
    "",
  ].join("\n");
}

function manual(command: Command): string {
  const width = Math.max(0, ...command.flags.map((flag) => written(flag).length));
  const rows = command.flags.map((flag) => `  ${written(flag).padEnd(width)}  ${flag.help}`);
  const operands = command.operands === undefined ? "" : ` ${command.operands}`;
  return [`portolan ${command.name}${operands}: ${command.summary}`, "", command.help, "", ...rows, ""].join("\n");
}

/** A flag as it is written on a command line: `--settings FILE`. */
export function written({ name, value }: Flag): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}
