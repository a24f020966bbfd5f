import { AppError, EXIT_CODES, type ExitCode } from "../../base/errors.ts";

/** A flag of a command. */
export interface Flag {
  readonly name: string;
  /**
   * What the help calls its value; absent for a flag without one, which is "true" where it is given. FILE and DIR are completed
   * as paths.
   */
  readonly value?: string;
  /** All values that are allowed, where they are few. */
  readonly values?: readonly string[];
  readonly help: string;
}

/** What a command was given as flags, by their names without dashes. */
export type FlagValues = Readonly<Record<string, string | undefined>>;

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** What happens, and what happens on failure. */
  readonly help: string;
  readonly flags: readonly Flag[];
  /** What the help calls the words that are no flags; absent where none are allowed. */
  readonly operands?: string;
  /** What each exit code means here, for its page of help; 64 and 70 mean the same everywhere and are left out. */
  readonly exitCodes: ExitCodeDocs;
  /** Resolves to the exit code. */
  run(flags: FlagValues, operands: readonly string[]): Promise<number>;
}

export type ExitCodeDocs = Readonly<Partial<Record<ExitCode, string>>>;

/** A command as the overview and the command line know it, before anything of it is loaded. */
export interface CommandRow extends Pick<Command, "name" | "summary"> {
  /** Under which heading of the overview it stands. */
  readonly group: Group;
  /** Loads the command's own file, and what that stands on. */
  load(): Promise<Command>;
}

/** The headings of the overview, in its order. */
export const GROUPS = {
  run: "Run",
  why: "Look at the running portolan, and ask why",
  change: "Before a change, and the way back",
  check: "Find mistakes",
  ports: "Ports",
  settings: "Settings",
  about: "About portolan",
} as const;

export type Group = keyof typeof GROUPS;

/** First words that are no command by themselves, with what the overview says of all their commands; empty where the heading says it. */
export const FAMILIES: Readonly<Record<string, string>> = {
  check: "",
  settings: "write, show and explain them",
};

/** The command line cannot be understood: exit code 64. */
export function usageError(message: string): AppError {
  return new AppError(message, { code: "E_USAGE", retryable: false, exitCode: EXIT_CODES.usage });
}
