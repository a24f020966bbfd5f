import { count } from "../../../base/count.ts";
import { EXIT_CODES } from "../../../base/errors.ts";
import { printable } from "../../../base/printable.ts";
import { type LedgerLine, ledgerLines } from "../../../core/ports/inventory/ledger-lines.ts";
import { type NextFree, nextFree } from "../../../core/ports/inventory/next-free.ts";
import {
  clientBlock,
  nodesOfLine,
  type ReservedPorts,
  reservedPorts,
} from "../../../core/ports/inventory/reserved-ports.ts";
import { type UndeclaredPort, undeclaredPorts } from "../../../core/ports/inventory/undeclared.ts";
import { ownerName } from "../../../core/ports/ledger/owner.ts";
import { formatRange } from "../../../core/ports/port-range.ts";
import type { PortSurvey } from "../../../core/ports/survey.ts";
import { rangeView } from "../../../observe/status/port-fields.ts";
import type { FlagValues } from "../../command-line/command-line.ts";
import { textTable } from "../../text/text-table.ts";
import { deliver, documentFormat, jsonText } from "./document-output.ts";
import { ledgerDocumentOf, requireMarkdown } from "./ledger-document.ts";
import { rangeLine, takeSurvey } from "./ports-survey.ts";

/** Does what `ledgerCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues): Promise<number> {
  const format = documentFormat("ledger", flags);
  requireMarkdown(flags, format);
  if (format === "markdown" || format === "csv") return ledgerDocumentOf(flags, format);
  const { survey, range, clients } = await takeSurvey(flags);
  const lines = ledgerLines(survey);
  const undeclared = undeclaredPorts(survey);
  const groups = survey.ledger.groups.map((group) => ({ group, next: nextFree(group, survey) }));
  const reserved = reservedPorts(survey.ledger, survey.dynamic, clients);
  const result = {
    entries: lines.map(asJson),
    groups: groups.map(({ group, next }) => ({ name: group.name, ports: formatRange(group.ports), next })),
    undeclared,
    reservedPorts: reserved,
    dynamicPorts: rangeView(range),
  };
  const text = [
    entriesText(lines, survey),
    undeclaredText(undeclared, survey),
    groupsText(groups),
    reservedText(reserved),
  ].filter((part) => part !== "");
  const told = await deliver(
    "ledger",
    flags,
    format === "json" ? jsonText(result) : text.join("\n") + rangeLine(range),
  );
  if (flags["check"] !== undefined) return told;
  const isStrictlyFailed = flags["strict"] !== undefined && undeclared.length > 0;
  if (isStrictlyFailed) {
    process.stderr.write(
      `portolan: ledger: ${count(undeclared.length, "undeclared port")}, of which --strict allows none\n`,
    );
  }
  const isFailed = lines.some(({ status }) => status === "Squatted" || status === "Conflict") || isStrictlyFailed;
  return isFailed ? EXIT_CODES.failure : EXIT_CODES.ok;
}

function asJson({ entry, ...rest }: LedgerLine): unknown {
  const { ports, protocols, exposure, purpose, nodes } = entry;
  return { ports: formatRange(ports), protocols, owner: ownerName(entry), exposure, purpose, nodes, ...rest };
}

function entriesText(lines: readonly LedgerLine[], { ledger: { file } }: PortSurvey): string {
  if (lines.length === 0)
    return `${file ?? "no ledger"}: nothing is declared; the setting ports.ledger names the file\n`;
  const rows = lines.map(({ entry, status, others }) => [
    formatRange(entry.ports),
    entry.protocols.join("+"),
    entry.nodes?.join(",") ?? "*",
    ownerName(entry),
    entry.exposure,
    others.length === 0 ? status : `${status}: ${others.join(", ")}`,
    entry.purpose,
  ]);
  const table = textTable(["PORT", "PROTOCOL", "NODE", "OWNER", "EXPOSURE", "STATUS", "PURPOSE"], rows);
  const notes = lines.flatMap(({ entry, accessUrls, remarks }) => {
    const about = `${formatRange(entry.ports)} ${ownerName(entry)}: `;
    return [
      ...(accessUrls.length === 0 ? [] : [`${about}${accessUrls.join(" ")}`]),
      ...remarks.map((one) => about + one),
    ];
  });
  return notes.length === 0 ? table : `${table}\n${notes.map((note) => `${printable(note)}\n`).join("")}`;
}

function undeclaredText(ports: readonly UndeclaredPort[], { ledger: { file } }: PortSurvey): string {
  if (ports.length === 0) return "";
  const lines = ports.map(({ port, protocol, isGuess, service, places, declaration, instead }) => {
    const where = `${service} at ${port}/${protocol}${isGuess ? "?" : ""} of ${places.map(({ node, address }) => (address === "" ? node : `${node} (${address})`)).join(", ")}`;
    return printable(declaration === undefined ? `  # ${where}: ${instead}` : `  - ${declaration} # ${where}`);
  });
  const heading = `Undeclared; under ports: of ${file ?? "a ledger (the setting ports.ledger)"} a line declares each, with the exposure and purpose that are meant:`;
  return `${[printable(heading), ...lines].join("\n")}\n`;
}

function groupsText(groups: readonly { group: PortSurvey["ledger"]["groups"][number]; next: NextFree }[]): string {
  const rows = groups.map(({ group, next }) => [
    group.name,
    formatRange(group.ports),
    next.kind === "full" ? "full" : `${next.port}${next.kind === "crowded" ? ` (nearer than ${group.spacing})` : ""}`,
    group.purpose,
  ]);
  return rows.length === 0 ? "" : textTable(["GROUP", "PORTS", "NEXT FREE", "PURPOSE"], rows);
}

function reservedText(reserved: readonly ReservedPorts[]): string {
  if (reserved.length === 0) return "";
  const lines = reserved.map((line) => printable(`  ${nodesOfLine(line)}: ${clientBlock(line)}`));
  return `${["Inside the dynamic range; Nomad hands them out unless its clients reserve them:", ...lines].join("\n")}\n`;
}
