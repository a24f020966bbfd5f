import { EXIT_CODES } from "../../base/errors.ts";
import { type CommandRow, usageError } from "../command-line/command-line.ts";
import { bashCompletion } from "../completion/bash.ts";
import { zshCompletion } from "../completion/zsh.ts";
import { didYouMean } from "../text/did-you-mean.ts";
import { quoted } from "../text/quoted.ts";

const SHELLS = { bash: bashCompletion, zsh: zshCompletion };

/** Does what `completionCommand` says. Resolves to the exit code. @param rows every command */
export async function run(rows: readonly CommandRow[], [shell, ...others]: readonly string[]): Promise<number> {
  const found = others.length > 0 ? undefined : Object.entries(SHELLS).find(([name]) => name === shell);
  if (found === undefined) {
    const words = [shell ?? "", ...others].join(" ");
    const near = didYouMean(words, Object.keys(SHELLS));
    throw usageError(`completion: found ${words === "" ? "nothing" : quoted(words)}; allowed: bash, zsh${near}`);
  }
  process.stdout.write(found[1](await Promise.all(rows.map((row) => row.load()))));
  return EXIT_CODES.ok;
}
