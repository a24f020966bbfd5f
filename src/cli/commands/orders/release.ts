import { EXIT_CODES } from "../../../base/errors.ts";
import { printable } from "../../../base/printable.ts";
import { RELEASE } from "../../../control/orders.ts";
import { type Command, usageError } from "../../command-line/command-line.ts";
import { ORDER_FLAGS, sendOrder } from "./order-command.ts";

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
  async run({ kept, ...flags }, routers) {
    if (kept !== undefined && routers.length > 0) {
      throw usageError("release: found --kept and the name of a router; one or the other is allowed");
    }
    const what = routers.length > 0 ? { routers: [...routers] } : kept === undefined ? undefined : { kept: true };
    const { released } = await sendOrder(flags, RELEASE, what);
    for (const { chart, catalog, kind, version, routers } of released) {
      const whose = catalog === undefined ? chart : `${chart}, ${catalog}`;
      const ended = version === undefined ? routers.join(", ") : `version ${version}`;
      process.stdout.write(`${printable(`released (${whose}: ${kind}): ${ended}`)}\n`);
    }
    if (released.length === 0) process.stderr.write(kept === undefined ? "nothing is held\n" : "nothing is kept\n");
    return EXIT_CODES.ok;
  },
};
