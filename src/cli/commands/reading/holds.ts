import { ASKED } from "../../../api/client/asked.ts";
import type { HoldRow } from "../../../api/resources/holds.ts";
import { count } from "../../../base/count.ts";
import { EXIT_CODES } from "../../../base/errors.ts";
import { printable } from "../../../base/printable.ts";
import type { FlagValues } from "../../command-line/command-line.ts";
import { ageOf } from "../../text/age.ts";
import { type Colours, coloursFor } from "../../text/colour.ts";
import { wrapped } from "../../text/explain/wrapped.ts";
import { widthOf } from "../../text/fitted-table.ts";
import { askDaemon, printAnswer } from "./ask-daemon.ts";

/** Does what `holdsCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues): Promise<number> {
  const answer = await askDaemon(flags, ASKED.holds, {});
  printAnswer(flags, answer, () =>
    holdsText(answer.holds, Date.now(), coloursFor(process.stdout, process.env), widthOf(process.stdout)),
  );
  if (answer.holds.length === 0) process.stderr.write("nothing is held\n");
  return EXIT_CODES.ok;
}

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
