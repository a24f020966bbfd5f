import { STANDARD_INPUT } from "../../../../base/input-title.ts";
import { addressBytes } from "../../../../core/ports/ledger/network.ts";
import { type FlagValues, usageError } from "../../../command-line/command-line.ts";
import { readText } from "../input.ts";
import { tell } from "../report.ts";
import { judgeBy, tellInstances } from "./judge-instances.ts";

/** Does what `checkTagsCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues, operands: readonly string[]): Promise<number> {
  if (operands.length === 0)
    throw usageError("check tags: name at least one tag, for example 'traefik.enable=true', or - for standard input");
  const isInput = operands.length === 1 && operands[0] === STANDARD_INPUT;
  const read = isInput ? await readText(STANDARD_INPUT) : undefined;
  const subject = "tags";
  if (read?.kind === "refused") return tell({ subject, problems: [read.problem] }, flags);
  const tags = read === undefined ? operands : read.value.split(/\r?\n/).filter((line) => line !== "");
  const judge = await judgeBy("check tags", flags);
  const { port, address, node } = flags;
  if (port !== undefined && !/^\d+$/.test(port))
    throw usageError(`check tags: --port: found ${JSON.stringify(port)}, a number is allowed`);
  if (address !== undefined && addressBytes(address) === undefined)
    throw usageError(`check tags: --address: found ${JSON.stringify(address)}, an IP address is allowed`);
  const stated = {
    ...{ service: flags["service"] ?? "app", tags },
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(address === undefined ? {} : { address }),
    ...(node === undefined ? {} : { node }),
  };
  const howToPlace = "--address or --node is another";
  return await tellInstances({ subject, stated: [stated], howToPlace }, judge, flags);
}
