import { EXIT_CODES } from "../../../base/errors.ts";
import { ROLLBACK, VERSIONS } from "../../../control/orders.ts";
import type { FlagValues } from "../../command-line/command-line.ts";
import { textTable } from "../../text/text-table.ts";
import { printDiff, versionNumber } from "../reading/history.ts";
import { sendOrder } from "./order-command.ts";

/** Does what `rollbackCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues, operands: readonly string[]): Promise<number> {
  if (flags["diff"] !== undefined) await printDiff(flags, { to: versionNumber("rollback", operands), from: "current" });
  else await (operands.length === 0 ? listVersions(flags) : rollBack(flags, operands));
  return EXIT_CODES.ok;
}

async function listVersions(flags: FlagValues): Promise<void> {
  const { charts } = await sendOrder(flags, VERSIONS);
  const rows = charts.flatMap(({ chart, rolledBackTo, versions }) =>
    versions.map(({ number, publishedAt, hash, reason }) => [
      chart,
      number === rolledBackTo ? `${number} (rolled back to)` : String(number),
      publishedAt,
      hash,
      reason,
    ]),
  );
  process.stdout.write(textTable(["CHART", "VERSION", "PUBLISHED", "HASH", "CHANGES"], rows));
}

async function rollBack({ chart, ...flags }: FlagValues, operands: readonly string[]): Promise<void> {
  const number = versionNumber("rollback", operands);
  await sendOrder(flags, ROLLBACK, { number, ...(chart === undefined ? {} : { chart }) });
  process.stderr.write(`version ${number} is published again; news waits for portolan release\n`);
}
