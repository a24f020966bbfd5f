import { EXIT_CODES } from "../../../base/errors.ts";
import { printable } from "../../../base/printable.ts";
import { RELEASE } from "../../../control/orders.ts";
import { type FlagValues, usageError } from "../../command-line/command-line.ts";
import { sendOrder } from "./order-command.ts";

/** Does what `releaseCommand` says. Resolves to the exit code. */
export async function run({ kept, ...flags }: FlagValues, routers: readonly string[]): Promise<number> {
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
}
