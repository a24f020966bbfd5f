import type { Command } from "../../command-line/command-line.ts";
import { DAEMON_FLAGS } from "../../flags/daemon-flags.ts";

export const historyCommand: Command = {
  name: "history",
  operands: "[VERSION]",
  summary: "list earlier charts with what changed, or show one change",
  help: [
    "Without a number: the versions that are kept, the newest first: the last ten, the last of each hour for a day, and the",
    "last of each day for a week. With one: what changed from the version before it to that, by router. portolan rollback",
    "publishes a version again; portolan rollback --diff VERSION says first what that would change.",
  ].join("\n"),
  flags: [{ name: "chart", value: "NAME", help: "those of this chart: main, or an edge's name" }, ...DAEMON_FLAGS],
  exitCodes: { 0: "done", 1: "no such version or chart", 69: "no portolan answers there", 78: "bad settings" },
  run: async (flags, operands) => (await import("../../commands/reading/history.ts")).run(flags, operands),
};
