import { EXIT_CODES } from "../../base/errors.ts";
import type { Command, CommandRow } from "../command-line/command-line.ts";
import { helpPage } from "../command-line/help.ts";

/** @param rows every command */
export function helpCommand(rows: readonly CommandRow[]): Command {
  return {
    name: "help",
    summary: "list the commands, or say what one does",
    help: "Without a word: every command. With a command's name: what it does, its flags and its exit codes; `portolan COMMAND --help` says the same.",
    operands: "[COMMAND]",
    flags: [],
    exitCodes: { 0: "done" },
    async run(_, words) {
      process.stdout.write(await helpPage(words, rows));
      return EXIT_CODES.ok;
    },
  };
}
