import { z } from "zod";
import { EXIT_CODES } from "../../base/errors.ts";
import { printable } from "../../base/printable.ts";
import type { Command } from "../command-line.ts";
import { ORDER_FLAGS, order } from "../control-orders.ts";

const answer = z.object({
  released: z.array(
    z.object({
      chart: z.string(),
      catalog: z.string().exactOptional(),
      kind: z.string(),
      version: z.number().exactOptional(),
      routers: z.array(z.string()),
    }),
  ),
});

export const releaseCommand: Command = {
  name: "release",
  summary: "end by hand what the running portolan holds",
  help: [
    "Tells the portolan that runs to believe its catalogs: the routers that it holds now leave, after the usual grace in",
    "which they answer 503. What departs later is judged as ever. Routers of a catalog that has not answered since the",
    "start stay held. A rollback ends, too. Prints what was held. Exit codes: 0 done, also where nothing was held; 1 the end of a rollback cannot be stored; 69 no portolan runs there;",
    "78 bad settings.",
  ].join("\n"),
  flags: ORDER_FLAGS,
  async run(flags) {
    const { released } = answer.parse(await order(flags, "POST /v1/release"));
    for (const { chart, catalog, kind, version, routers } of released) {
      const whose = catalog === undefined ? chart : `${chart}, ${catalog}`;
      const what = version === undefined ? routers.join(", ") : `version ${version}`;
      process.stdout.write(`${printable(`released (${whose}: ${kind}): ${what}`)}\n`);
    }
    if (released.length === 0) process.stderr.write("nothing is held\n");
    return EXIT_CODES.ok;
  },
};
