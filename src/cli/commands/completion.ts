import { EXIT_CODES } from "../../base/errors.ts";
import { type Command, type CommandRow, usageError } from "../command-line/command-line.ts";
import { bashCompletion } from "../completion/bash.ts";
import { zshCompletion } from "../completion/zsh.ts";
import { didYouMean } from "../text/did-you-mean.ts";
import { quoted } from "../text/quoted.ts";

const SHELLS = { bash: bashCompletion, zsh: zshCompletion };

/** @param rows every command */
export function completionCommand(rows: readonly CommandRow[]): Command {
  return {
    name: "completion",
    summary: "print a script that completes commands in a shell",
    help: [
      "The script knows the commands of this version and starts no process. In a file that the shell reads by itself:",
      "",
      "  portolan completion bash >/etc/bash_completion.d/portolan",
      "  portolan completion zsh >/usr/local/share/zsh/site-functions/_portolan",
      "",
      "In this shell alone:",
      "",
      "  source <(portolan completion bash)",
    ].join("\n"),
    operands: "bash|zsh",
    flags: [],
    exitCodes: { 0: "done" },
    async run(_, [shell, ...others]) {
      const found = others.length > 0 ? undefined : Object.entries(SHELLS).find(([name]) => name === shell);
      if (found === undefined) {
        const words = [shell ?? "", ...others].join(" ");
        const near = didYouMean(words, Object.keys(SHELLS));
        throw usageError(`completion: found ${words === "" ? "nothing" : quoted(words)}; allowed: bash, zsh${near}`);
      }
      process.stdout.write(found[1](await Promise.all(rows.map((row) => row.load()))));
      return EXIT_CODES.ok;
    },
  };
}
