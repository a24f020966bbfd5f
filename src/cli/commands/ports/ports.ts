import { paragraph, textRows } from "../../../core/ports/documents/document.ts";
import type { DynamicRange } from "../../../core/ports/dynamic-range.ts";
import { awaited, type PortRow, portTable } from "../../../core/ports/inventory/port-table.ts";
import { ownerName } from "../../../core/ports/ledger/owner.ts";
import { formatRange } from "../../../core/ports/port-range.ts";
import { holders } from "../../../core/ports/survey.ts";
import type { FlagValues } from "../../command-line/command-line.ts";
import { csv } from "../../text/csv.ts";
import { fittedTable, widthOf } from "../../text/fitted-table.ts";
import { markdownBlocks } from "../../text/markdown.ts";
import { type DocumentFormat, deliver, documentFormat, jsonText } from "./document-output.ts";
import { rangeLine, takeSurvey } from "./ports-survey.ts";

const HEADS = ["Port", "Protocol", "Node", "Owner", "Class", "Status"];

/** Does what `portsCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues): Promise<number> {
  const format = documentFormat("ports", flags);
  const { survey, range } = await takeSurvey(flags);
  const rows = portTable(survey);
  return deliver("ports", flags, written(format, rows, range));
}

function written(format: DocumentFormat, rows: readonly PortRow[], range: DynamicRange): string {
  switch (format) {
    case "json":
      return jsonText(rows.map(asJson));
    case "csv":
      return csv(
        HEADS.map((head) => head.toLowerCase()),
        rows.map(cells),
      );
    case "markdown":
      return `# Ports in use\n\n${markdownBlocks([
        paragraph(
          "Made by ",
          { code: "portolan ports --format markdown" },
          " of the catalog as it was then: dynamic ports change with every deployment. What is planned stands in the document of ",
          { code: "portolan ledger --format markdown" },
          ".",
        ),
        textRows(HEADS, rows.map(cells)),
        paragraph(`Dynamic ports: ${formatRange(range.ports)} (${range.origin}).`),
      ])}`;
    case "table":
      return (
        fittedTable(
          HEADS.map((head) => head.toUpperCase()),
          rows.map(cells),
          widthOf(process.stdout),
          "PORT",
        ) + rangeLine(range)
      );
  }
}

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
  const there = [...holders(row.registrations), ...(row.statics ?? [])].join(", ");
  const missing = awaited(row).join(", ");
  if (there === "" || missing === "") return there + missing;
  return `${there} (declared for ${missing})`;
}
