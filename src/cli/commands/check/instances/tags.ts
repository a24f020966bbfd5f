import { STANDARD_INPUT } from "../../../../base/input-title.ts";
import { CATALOG_SECTIONS } from "../../../../config/resolve/choose-catalog.ts";
import { type Command, usageError } from "../../../command-line/command-line.ts";
import { CHECK_EXIT_CODES, tell } from "../report.ts";
import { JUDGE_FLAGS } from "./judge-flags.ts";

export const checkTagsCommand: Command = {
  name: "check tags",
  summary: "say what tags mean, or what is wrong with them",
  help: [
    "Translates the tags as those of one healthy instance and prints what the chart would say, or each mistake with a",
    "caret under the spot. With - the tags are the lines of standard input. Reads no catalog, asks no Nomad for its ports.",
  ].join("\n"),
  operands: "TAG …|-",
  flags: [
    ...JUDGE_FLAGS,
    { name: "service", value: "NAME", help: "the service's name in the catalog (default app)" },
    { name: "port", value: "PORT", help: "the instance's port (default: the first dynamic one)" },
    { name: "node", value: "NAME", help: "the node it would be on, at the address that the ledger has of it" },
    { name: "address", value: "IP", help: "the instance's address (default: one that the policy allows)" },
    {
      name: "registry",
      value: "NAME",
      values: CATALOG_SECTIONS,
      help: "(default consul): they read tags slightly differently",
    },
  ],
  exitCodes: { ...CHECK_EXIT_CODES, 78: "the settings to judge by cannot be used" },
  async run(flags, operands) {
    if (operands.length === 0)
      throw usageError("check tags: name at least one tag, for example 'traefik.enable=true', or - for standard input");
    // Loaded to run, and not for the page of help.
    const [{ readText }, { addressBytes }, { judgeBy, tellInstances }] = await Promise.all([
      import("../input.ts"),
      import("../../../../core/ports/ledger/network.ts"),
      import("./judge-instances.ts"),
    ]);
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
  },
};
