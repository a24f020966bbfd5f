import { EXIT_CODES } from "../../../base/errors.ts";
import { awaited, type PortRow, portTable } from "../../../core/ports/inventory/port-table.ts";
import { ownerName } from "../../../core/ports/owner.ts";
import { formatRange } from "../../../core/ports/port-range.ts";
import { holders } from "../../../core/ports/survey.ts";
import type { Command } from "../../command-line/command-line.ts";
import { textTable } from "../../text/text-table.ts";
import { printResult, rangeLine, SURVEY_FLAGS, takeSurvey } from "./ports-survey.ts";

export const portsCommand: Command = {
  name: "ports",
  summary: "list the ports that are registered or declared",
  help: [
    "Reads the ledger and the whole catalog, services without routes too, and prints a line for each port: node (* for all",
    "others), protocol (tcp? is a guess), owner, class, and Reserved, Active, Squatted, Undeclared or Conflict; then the dynamic",
    "range, and where it comes from. Writes no file.",
  ].join("\n"),
  flags: SURVEY_FLAGS,
  exitCodes: {
    0: "done",
    69: "the catalog or Nomad did not answer",
    78: "bad settings or ledger",
  },
  async run(flags) {
    const { survey, range } = await takeSurvey(flags);
    const rows = portTable(survey);
    printResult(
      flags,
      rows.map(asJson),
      textTable(["PORT", "PROTOCOL", "NODE", "OWNER", "CLASS", "STATUS"], rows.map(cells)) + rangeLine(range),
    );
    return EXIT_CODES.ok;
  },
};

function asJson({ ports, entries, registrations, ...rest }: PortRow): unknown {
  const whose = { holders: holders(registrations), declaredFor: [...new Set(entries.map(ownerName))] };
  return { ...rest, ports: formatRange(ports), ...whose };
}

function cells(row: PortRow): readonly string[] {
  const isGuess = row.registrations.length > 0 && row.registrations.every((one) => one.isGuess);
  const protocol = `${row.protocol}${isGuess ? "?" : ""}`;
  return [formatRange(row.ports), protocol, row.node ?? "*", ownersOf(row), row.class, row.status];
}

/** The services that are registered there, and the declared owner where that is another one. */
function ownersOf(row: PortRow): string {
  const there = holders(row.registrations).join(", ");
  const missing = awaited(row).join(", ");
  if (there === "" || missing === "") return there + missing;
  return `${there} (declared for ${missing})`;
}
