import { printable } from "../../../base/printable.ts";
import { RELEASE } from "../../../control/orders.ts";
import { orderCommand } from "./order-command.ts";

const COMMAND = {
  name: "release",
  summary: "end by hand what the running portolan holds",
  help: [
    "Tells the portolan that runs to believe its catalogs: the routers that it holds now leave, after the usual grace in",
    "which they answer 503. Later removals are judged as ever. Routers of a catalog that has not answered since the start",
    "stay held. A rollback ends, too. Prints what was held. Exit codes: 0 done, also where nothing was held; 1 the end of a",
    "rollback cannot be stored; 69 no portolan runs there; 78 bad settings.",
  ].join("\n"),
};

export const releaseCommand = orderCommand(COMMAND, RELEASE, ({ released }) => {
  for (const { chart, catalog, kind, version, routers } of released) {
    const whose = catalog === undefined ? chart : `${chart}, ${catalog}`;
    const what = version === undefined ? routers.join(", ") : `version ${version}`;
    process.stdout.write(`${printable(`released (${whose}: ${kind}): ${what}`)}\n`);
  }
  if (released.length === 0) process.stderr.write("nothing is held\n");
});
