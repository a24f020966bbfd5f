import type { Settings } from "../../../config/files/schema.ts";
import { coreSettings } from "../../../config/resolve/core-settings.ts";
import { paragraph } from "../../../core/ports/documents/document.ts";
import { DOCUMENT_PARTS, type DocumentPart } from "../../../core/ports/documents/document-parts.ts";
import { byPort } from "../../../core/ports/documents/entry-words.ts";
import { ledgerDocument } from "../../../core/ports/documents/ledger-document.ts";
import { dynamicRange } from "../../../core/ports/dynamic-range.ts";
import type { Ledger, LedgerEntry } from "../../../core/ports/ledger/ledger.ts";
import { clientName } from "../../../core/ports/ledger/owner.ts";
import { scopeOfEntry } from "../../../core/ports/ledger/scope.ts";
import { formatRange } from "../../../core/ports/port-range.ts";
import { type FlagValues, usageError } from "../../command-line/command-line.ts";
import { csv } from "../../text/csv.ts";
import { markdownBlocks, markdownChapters } from "../../text/markdown.ts";
import { type DocumentFormat, deliver } from "./document-output.ts";
import { loadForReading } from "./ports-survey.ts";

/**
 * Prints or checks the ledger's document. It is made of the files alone: no catalog and no Nomad is asked, so that the same
 * ledger makes the same document everywhere, and a document that is kept changes with the ledger and with nothing else.
 *
 * @returns the exit code
 */
export async function ledgerDocumentOf(flags: FlagValues, format: DocumentFormat): Promise<number> {
  const settings = await loadForReading(flags);
  const part = DOCUMENT_PARTS.find((one) => one === flags["part"]);
  const text = format === "csv" ? entriesCsv(coreSettings(settings).ports.ledger) : ledgerMarkdown(settings, part);
  return deliver("ledger", flags, text);
}

/** Throws AppError (exit code 64): only the Markdown document has parts. */
export function requireMarkdown({ part }: FlagValues, format: DocumentFormat): void {
  if (part === undefined || format === "markdown") return;
  throw usageError(`ledger: --part is of the Markdown document; allowed beside it: --format markdown, or --check FILE`);
}

/** The Markdown document of the ledger that the settings name, or one part of it. */
export function ledgerMarkdown(settings: Settings, part?: DocumentPart): string {
  const { ledger } = coreSettings(settings).ports;
  const parts = ledgerDocument(ledger, dynamicRange(settings.ports.dynamic, []));
  const file = fileName(ledger);
  if (part !== undefined) {
    const sections = parts.get(part) ?? [];
    if (sections.length > 0) return markdownChapters(sections);
    return markdownBlocks([paragraph(`${file} says nothing of this (${part}).`)]);
  }
  const head = paragraph(
    `Made from ${file} by `,
    { code: "portolan ledger --format markdown" },
    ": change the ledger and make it again; ",
    { code: "portolan ledger --check FILE" },
    " says whether it is true. It tells what is declared. What is registered at the moment ",
    { code: "portolan ports" },
    " tells, and whether that is as declared ",
    { code: "portolan ledger" },
    ".",
  );
  const sections = [...parts.values()].flat();
  return `# Ports\n\n${markdownBlocks([head])}\n${markdownChapters(sections)}`;
}

function fileName({ file }: Ledger): string {
  return file === undefined ? "the settings" : file.replace(/^.*[\\/]/, "");
}

const COLUMNS: Readonly<Record<string, (entry: LedgerEntry, ledger: Ledger) => string>> = {
  ports: ({ ports }) => formatRange(ports),
  protocol: ({ protocols }) => (protocols.length > 1 ? "both" : protocols.join()),
  owner: ({ owners }) => owners.join(" "),
  namespace: ({ namespace = "" }) => namespace,
  internalPort: ({ internalPort }) => (internalPort === undefined ? "" : String(internalPort)),
  exposure: ({ exposure }) => exposure,
  nodes: ({ nodes = [] }) => nodes.join(" "),
  from: ({ from = [] }) => from.join(" "),
  clients: ({ clients = [] }) => clients.map(clientName).join(" "),
  scope: (entry, ledger) => scopeOfEntry(entry, ledger),
  scheme: ({ scheme = "" }) => scheme,
  status: ({ expected = "" }) => expected,
  purpose: ({ purpose }) => purpose,
};

/** A row for each entry, with the keys of the ledger as heads; what is a list stands with spaces between. */
function entriesCsv(ledger: Ledger): string {
  const rows = byPort(ledger.entries).map((entry) => Object.values(COLUMNS).map((cell) => cell(entry, ledger)));
  return csv(Object.keys(COLUMNS), rows);
}
