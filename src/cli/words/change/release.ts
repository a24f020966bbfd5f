import type { Command } from "../../command-line/command-line.ts";
import { ORDER_FLAGS } from "../../flags/order-flags.ts";

export const releaseCommand: Command = {
  name: "release",
  operands: "[ROUTER …]",
  summary: "end by hand what the running portolan holds",
  help: [
    "Tells the portolan that runs to believe its catalogs: the routers that it holds now leave, after the usual grace in",
    "which they answer 503. Later removals are judged as ever. Routers of a catalog that has not answered since the start",
    "stay held. A rollback ends, too. With names only these routers go, and what else is held stays so. With --kept the routers leave that services without an instance keep by the tag",
    "portolan.keep, and nothing else ends; what routes.keep names stays. Prints what has ended.",
  ].join("\n"),
  flags: [
    ...ORDER_FLAGS,
    { name: "kept", help: "end what services that sleep keep by their tags, in place of what is held" },
  ],
  exitCodes: {
    0: "done, also where nothing was held",
    1: "a router of this name is not held, or the end of a rollback cannot be stored",
    69: "no portolan runs there",
    78: "bad settings",
  },
  run: async (flags, operands) => (await import("../../commands/orders/release.ts")).run(flags, operands),
};
