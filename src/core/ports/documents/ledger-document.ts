import { compareBytes } from "../../../go/byte-order.ts";
import type { DynamicRange } from "../dynamic-range.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { surveyPorts } from "../survey.ts";
import { accessBlocks, riskBlocks } from "./access.ts";
import type { Block, Section } from "./document.ts";
import { DOCUMENT_PARTS, type DocumentPart } from "./document-parts.ts";
import { entryTable, futureTable, namespaceTable } from "./entry-table.ts";
import { environmentBlocks } from "./environment-table.ts";
import { flowBlocks } from "./flows.ts";
import { classBlocks, rangeBlocks, reservedBlocks } from "./port-ranges.ts";
import { ruleBlocks } from "./rules.ts";
import { segmentBlocks } from "./segments.ts";

/**
 * What a ledger says, as chapters of a document. Nothing of the catalog is in it, so that it changes with the ledger alone.
 *
 * @param range the dynamic ports, and who says so
 */
export function ledgerDocument(ledger: Ledger, range: DynamicRange): ReadonlyMap<DocumentPart, readonly Section[]> {
  const survey = surveyPorts([], { ports: { dynamic: range.ports, ledger }, traefik: { prefix: "" } });
  const parts: Readonly<Record<DocumentPart, readonly Section[]>> = {
    "quick-reference": chapter("Quick reference", ledger.entries.length === 0 ? [] : [entryTable(ledger.entries)]),
    namespaces: namespaceChapters(ledger),
    future: futureChapter(ledger),
    classes: chapter("Classes of ports", classBlocks(range)),
    ranges: chapter("Reserved ranges", rangeBlocks(survey)),
    "reserved-ports": chapter("What Nomad must be told", reservedBlocks(survey)),
    rules: chapter("Rules", ruleBlocks(ledger, range.ports)),
    access: chapter("Access URLs", accessBlocks(survey)),
    risks: chapter("Risks", riskBlocks(survey)),
    flows: chapter("Connection flows", flowBlocks(ledger, range.ports)),
    segments: chapter("Network segments", segmentBlocks(ledger, range.ports)),
    environment: chapter("Environment variables", environmentBlocks(ledger)),
  };
  return new Map(DOCUMENT_PARTS.map((part) => [part, parts[part]]));
}

/** A chapter that has nothing to say is left out. */
function chapter(title: string, blocks: readonly Block[]): readonly Section[] {
  return blocks.length === 0 ? [] : [{ title, blocks }];
}

/** A table for each namespace, where the ledger has any. */
function namespaceChapters({ entries }: Ledger): readonly Section[] {
  const byNamespace = Map.groupBy(entries, ({ namespace }) => namespace ?? "");
  if (!entries.some(({ namespace }) => namespace !== undefined)) return [];
  return [...byNamespace]
    .toSorted(([one], [other]) => compareBytes(one, other))
    .flatMap(([namespace, own]) =>
      chapter(namespace === "" ? "Without a namespace" : `Namespace ${namespace}`, [namespaceTable(own)]),
    );
}

/** What is reserved and not in use yet, by what its keeper holds for true. */
function futureChapter({ entries }: Ledger): readonly Section[] {
  const reserved = entries.filter(({ expected }) => expected === "reserved");
  return chapter("Future allocations", reserved.length === 0 ? [] : [futureTable(reserved)]);
}
