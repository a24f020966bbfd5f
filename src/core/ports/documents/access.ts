import { type LedgerLine, ledgerLines } from "../inventory/ledger-lines.ts";
import type { LedgerEntry } from "../ledger/ledger.ts";
import { ownerName } from "../ledger/owner.ts";
import { formatRange } from "../port-range.ts";
import type { PortSurvey } from "../survey.ts";
import { type Block, type Line, paragraph } from "./document.ts";
import { byPort } from "./entry-words.ts";

/** Where users reach what is theirs to reach, on each node whose address the survey knows: a row for each service. */
export function accessBlocks(survey: PortSurvey): readonly Block[] {
  const lines = inOrder(survey).filter(({ accessUrls }) => accessUrls.length > 0);
  if (lines.length === 0) return [];
  const rows = lines.map(({ entry, accessUrls }): readonly Line[] => [
    [ownerName(entry)],
    [formatRange(entry.ports)],
    accessUrls.flatMap((url, i) => [...(i === 0 ? [] : [", "]), entry.scheme === undefined ? url : { url }]),
  ]);
  return [{ kind: "table", heads: ["Service", "Port", "At"], rows }];
}

/** What users reach on every node, so that each of them can be attacked there. */
export function riskBlocks({ ledger }: PortSurvey): readonly Block[] {
  const open = byPort(ledger.entries.filter(isOpenEverywhere));
  if (open.length === 0) return [];
  return [
    paragraph(
      "Open on every node, so that each of them can be attacked there: name nodes, or put it behind the ingress.",
    ),
    {
      kind: "list",
      lines: open.map((entry) => [
        `${formatRange(entry.ports)} ${ownerName(entry)}: ${entry.purpose} (${entry.exposure})`,
      ]),
    },
  ];
}

function isOpenEverywhere({ nodes, exposure }: LedgerEntry): boolean {
  return nodes === undefined && (exposure === "public" || exposure === "restricted");
}

function inOrder(survey: PortSurvey): readonly LedgerLine[] {
  const lines = new Map(ledgerLines(survey).map((line) => [line.entry, line]));
  return byPort(survey.ledger.entries).flatMap((entry) => lines.get(entry) ?? []);
}
