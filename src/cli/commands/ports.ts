import { formatRange } from "../../core/ports/port-range.ts";
import { type PortRow, portTable } from "../../core/ports/port-table.ts";
import { EXIT_CODES } from "../../errors.ts";
import { printResult, SURVEY_FLAGS, takeSurvey } from "../ports-survey.ts";
import type { Command } from "../program.ts";
import { textTable } from "../text-table.ts";

export const portsCommand: Command = {
  name: "ports",
  summary: "list the ports that are registered or declared, and how they stand",
  help: [
    "Reads the ledger and the whole catalog, services without routes too, and prints a line for each port: node (* for all",
    "others), owner, class, and Reserved, Active, Squatted, Undeclared or Conflict. Writes no file. Exit codes: 0 done;",
    "69 the catalog did not answer; 78 bad settings or ledger.",
  ].join("\n"),
  flags: SURVEY_FLAGS,
  async run(flags) {
    const rows = portTable(await takeSurvey(flags));
    printResult(
      flags,
      rows.map(asJson),
      textTable(["PORT", "PROTOCOL", "NODE", "OWNER", "CLASS", "STATUS"], rows.map(cells)),
    );
    return EXIT_CODES.ok;
  },
};

function asJson({ ports, ...rest }: PortRow): unknown {
  return { ports: formatRange(ports), ...rest };
}

function cells(row: PortRow): readonly string[] {
  return [formatRange(row.ports), row.protocol, row.node ?? "*", ownersOf(row), row.class, row.status];
}

/** Who is there, and for whom it is declared where that is somebody else. */
function ownersOf({ holders, awaited }: PortRow): string {
  if (holders.length === 0) return awaited.join(", ");
  return awaited.length === 0 ? holders.join(", ") : `${holders.join(", ")} (declared for ${awaited.join(", ")})`;
}
