import { z } from "zod";
import { AppError, EXIT_CODES } from "../../base/errors.ts";
import type { Command } from "../command-line.ts";
import { ORDER_FLAGS, order } from "../control-orders.ts";
import { textTable } from "../text-table.ts";

const listed = z.object({
  charts: z.array(
    z.object({
      chart: z.string(),
      rolledBackTo: z.number().nullable(),
      versions: z.array(
        z.object({ number: z.number(), publishedAt: z.string(), hash: z.string(), reason: z.string() }),
      ),
    }),
  ),
});

export const rollbackCommand: Command = {
  name: "rollback",
  operands: "[VERSION]",
  summary: "publish an earlier chart again and hold it, or list the last ten",
  help: [
    "With a version's number: the portolan that runs publishes that chart again and goes on working out the catalog's news",
    "without publishing it, also after a restart, until `portolan release`. Routes go to the servers of that time. The news",
    "is guarded as ever then: what would leave in a mass is held, and a second release ends that, too. Without a number: lists",
    "the versions that are kept. Exit codes: 0 done; 1 no such version or chart, or it cannot be stored; 64 not a number; 69 no portolan runs there;",
    "78 bad settings.",
  ].join("\n"),
  flags: [...ORDER_FLAGS, { name: "chart", value: "NAME", help: "the chart of this edge (default main)" }],
  async run(flags, operands) {
    const [word, ...more] = operands;
    if (word === undefined) {
      const { charts } = listed.parse(await order(flags, "GET /v1/versions"));
      process.stdout.write(textTable(["CHART", "VERSION", "PUBLISHED", "HASH", "CHANGES"], charts.flatMap(rows)));
      return EXIT_CODES.ok;
    }
    if (!/^[1-9]\d{0,9}$/.test(word) || more.length > 0) {
      throw new AppError(
        `rollback: ${JSON.stringify(operands.join(" "))} is not the number of a version; give one, as in 12`,
        {
          code: "E_USAGE",
          retryable: false,
          exitCode: EXIT_CODES.usage,
        },
      );
    }
    const chart = flags["chart"];
    await order(flags, "POST /v1/rollback", { number: Number(word), ...(chart === undefined ? {} : { chart }) });
    process.stderr.write(`version ${word} is published again; news waits for portolan release\n`);
    return EXIT_CODES.ok;
  },
};

function rows({ chart, rolledBackTo, versions }: z.infer<typeof listed>["charts"][number]): readonly string[][] {
  return versions.map(({ number, publishedAt, hash, reason }) => [
    chart,
    number === rolledBackTo ? `${number} (rolled back to)` : String(number),
    publishedAt,
    hash,
    reason,
  ]);
}
