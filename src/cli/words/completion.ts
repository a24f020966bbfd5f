import type { Command, CommandRow } from "../command-line/command-line.ts";

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
    run: async (_, operands) => (await import("../commands/completion.ts")).run(rows, operands),
  };
}
