import type { Command } from "../command-line/command-line.ts";
import { firstWord } from "../command-line/find-command.ts";

/** A first word of a command line, with what is said of it and the second words that may follow. */
export interface Name {
  readonly name: string;
  readonly summary: string;
  /** Second words, with their summaries. */
  readonly members: ReadonlyArray<readonly [string, string]>;
}

/** All first words, in the order of the commands. */
export function namesOf(commands: readonly Command[]): readonly Name[] {
  const byFirst = Map.groupBy(commands, ({ name }) => firstWord(name));
  return [...byFirst].map(([name, those]) => {
    const members = those.flatMap(
      (one): ReadonlyArray<readonly [string, string]> =>
        one.name === name ? [] : [[one.name.slice(name.length + 1), one.summary]],
    );
    const own = those.find((one) => one.name === name);
    return { name, summary: own?.summary ?? members.map(([member]) => member).join(", "), members };
  });
}
