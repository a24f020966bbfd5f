import type { Command } from "../../command-line/command-line.ts";
import { ORDER_FLAGS } from "../../flags/order-flags.ts";

export const rollbackCommand: Command = {
  name: "rollback",
  operands: "[VERSION]",
  summary: "publish an earlier chart again, or list those that are kept",
  help: [
    "With a version's number: the portolan that runs publishes that chart again and goes on working out the catalog's news",
    "without publishing it, also after a restart, until `portolan release`. Routes go to the servers of that time. The news",
    "is guarded as ever then: a mass removal is held, and a second release ends that, too. Without a number: lists the",
    "versions that are kept with the routers that changed: the last ten, the last of each hour for a day, and the last of each",
    "day for a week. A change of nothing that routers lead to makes no version. portolan history shows what each changed.",
  ].join("\n"),
  flags: [
    { name: "diff", help: "say what the rollback to VERSION would change now, and change nothing" },
    { name: "json", help: "with --diff: print JSON" },
    { name: "chart", value: "NAME", help: "the chart of this edge (default main)" },
    ...ORDER_FLAGS,
  ],
  exitCodes: {
    0: "done",
    1: "no such version or chart, or it cannot be stored",
    69: "no portolan runs there",
    78: "bad settings",
  },
  run: async (flags, operands) => (await import("../../commands/orders/rollback.ts")).run(flags, operands),
};
