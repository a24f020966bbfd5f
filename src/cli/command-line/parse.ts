import { didYouMean } from "../text/did-you-mean.ts";
import { quoted } from "../text/quoted.ts";
import { type Command, type CommandRow, usageError } from "./command-line.ts";
import { findCommand, membersOf } from "./find-command.ts";
import { helpPage } from "./help.ts";
import { type CommandWords, readWords } from "./read-words.ts";

/** What a command line asks for. */
export type Invocation =
  | ({ readonly kind: "command"; readonly command: Command } & CommandWords)
  | { readonly kind: "help"; readonly text: string };

const HELP = new Set(["--help", "-h"]);

/**
 * Reads a command line, and loads the command that it names and no other. Throws AppError (exit code 64) that names the wrong
 * word, what is allowed, and what was probably meant.
 */
export async function parseCommandLine(argv: readonly string[], rows: readonly CommandRow[]): Promise<Invocation> {
  const [first] = argv;
  if (first === undefined || HELP.has(first)) return { kind: "help", text: await helpPage([], rows) };
  if (first === "--version") return parseCommandLine(["version"], rows);
  const found = findCommand(argv, rows);
  if (found.kind === "family") {
    const { family, rest } = found;
    if (rest.length === 0 || rest.some((word) => HELP.has(word))) {
      return { kind: "help", text: await helpPage([family], rows) };
    }
    throw unknownMember(family, rest[0], membersOf(family, rows));
  }
  const { row, rest } = found;
  const command = await row.load();
  const words = readWords(command, rest, membersOf(row.name, rows));
  if (words === "help") return { kind: "help", text: await helpPage(row.name.split(" "), rows) };
  return { kind: "command", command, ...words };
}

function unknownMember(family: string, word: string | undefined, members: readonly string[]) {
  const found = word === undefined ? "nothing" : quoted(word);
  const near = word === undefined ? "" : didYouMean(word, members);
  return usageError(
    `${family}: found ${found}; allowed: ${members.join(", ")}, as in portolan ${family} ${members[0]}${near}`,
  );
}
