import { ASKED } from "../../../api/client/asked.ts";
import type { HoldRow } from "../../../api/resources/holds.ts";
import { count } from "../../../base/count.ts";
import { EXIT_CODES } from "../../../base/errors.ts";
import { printable } from "../../../base/printable.ts";
import type { Command } from "../../command-line/command-line.ts";
import { ageOf } from "../../text/age.ts";
import { type Colours, coloursFor } from "../../text/colour.ts";
import { wrapped } from "../../text/explain/wrapped.ts";
import { widthOf } from "../../text/fitted-table.ts";
import { askDaemon, DAEMON_FLAGS, printAnswer } from "./ask-daemon.ts";

export const holdsCommand: Command = {
  name: "holds",
  summary: "list what is held, why, and what ends that",
  help: [
    "A held router stays published with the servers it had although no instance asks for it: portolan doubts what the catalog",
    "says. portolan release ends holds by hand, portolan release ROUTER for single routers.",
  ].join("\n"),
  flags: DAEMON_FLAGS,
  exitCodes: { 0: "done", 69: "no portolan answers there", 78: "bad settings" },
  async run(flags) {
    const answer = await askDaemon(flags, ASKED.holds, {});
    printAnswer(flags, answer, () =>
      holdsText(answer.holds, Date.now(), coloursFor(process.stdout, process.env), widthOf(process.stdout)),
    );
    if (answer.holds.length === 0) process.stderr.write("nothing is held\n");
    return EXIT_CODES.ok;
  },
};

/** A block for each hold. @param nowMs milliseconds since the epoch @param width of the terminal, if it is one */
export function holdsText(
  holds: readonly HoldRow[],
  nowMs: number,
  colours: Colours,
  width = Number.POSITIVE_INFINITY,
): string {
  return holds
    .flatMap(({ chart, catalog, kind, why, since, isReleasable, routers }) => {
      const whose = `${count(routers.length, "router")} of chart ${chart}${catalog === null ? "" : `, ${catalog}`}`;
      const head = printable(kind);
      const [first = "", ...more] = wrapped(`${head}  `, `${whose}, since ${ageOf(since, nowMs)}`, width);
      return [
        colours.strong(head) + first.slice(head.length),
        ...more,
        ...wrapped("  ", why, width),
        ...(isReleasable
          ? []
          : wrapped("  ", "portolan release does not end it: nothing is known of what has gone", width)),
        ...routers.map((router) => `    ${printable(router)}`),
      ];
    })
    .map((line) => `${line}\n`)
    .join("");
}
