import type { PortsAnswer } from "../../api/resources/ports.ts";
import { memoize } from "../../core/incremental/memoize.ts";
import { type LedgerLine, ledgerLines } from "../../core/ports/inventory/ledger-lines.ts";
import { nextFree } from "../../core/ports/inventory/next-free.ts";
import { clientBlock, nodesOfLine, reservedPorts } from "../../core/ports/inventory/reserved-ports.ts";
import { type UndeclaredPort, undeclaredPorts } from "../../core/ports/inventory/undeclared.ts";
import type { Ledger, PortGroup } from "../../core/ports/ledger/ledger.ts";
import { ownerName } from "../../core/ports/ledger/owner.ts";
import { scopeOfEntry, scopeOfGroup } from "../../core/ports/ledger/scope.ts";
import type { PortSurvey } from "../../core/ports/survey.ts";
import { MOST_NAMED, portsField } from "./port-fields.ts";

type LedgerAnswer = NonNullable<PortsAnswer["ledger"]>;

/**
 * What is declared, and how it stands by the survey; null where there is no ledger. Remembered as long as the survey is the
 * same: it is asked for by many.
 */
export const ledgerView = memoize((survey: PortSurvey): LedgerAnswer | null => {
  const { ledger } = survey;
  const { file, scope, range, entries, groups } = ledger;
  if (file === undefined && entries.length === 0 && groups.length === 0) return null;
  return {
    file: file ?? null,
    scope,
    range: range === undefined ? null : portsField(range),
    entries: ledgerLines(survey).map((line) => entryView(line, ledger)),
    groups: groups.map((group) => groupView(group, survey)),
    undeclared: undeclaredPorts(survey).slice(0, MOST_UNDECLARED).map(undeclaredView),
    reserved: reservedPorts(ledger, survey.dynamic).map((line) => ({
      nodes: nodesOfLine(line),
      config: clientBlock(line),
    })),
  };
});

function entryView({ entry, status, others, accessUrls, remarks }: LedgerLine, ledger: Ledger) {
  const { origin, ports, protocols, exposure, nodes, purpose, expected } = entry;
  return {
    origin,
    ...portsField(ports),
    protocols,
    owner: ownerName(entry),
    exposure,
    nodes: nodes ?? null,
    scope: scopeOfEntry(entry, ledger),
    purpose,
    expected: expected ?? null,
    status,
    others: others.slice(0, MOST_NAMED),
    accessUrls: accessUrls.slice(0, MOST_NAMED),
    remarks,
  };
}

/** A tenant may register at thousands of ports. */
const MOST_UNDECLARED = 200;

function undeclaredView({ port, protocol, service, places, declaration, instead }: UndeclaredPort) {
  const nodes = places.slice(0, MOST_NAMED).map(({ node }) => node);
  return { ...{ port, protocol, service, nodes }, declaration: declaration ?? null, instead: instead ?? null };
}

function groupView(group: PortGroup, survey: PortSurvey) {
  const next = nextFree(group, survey);
  return {
    name: group.name,
    ...portsField(group.ports),
    spacing: group.spacing,
    scope: scopeOfGroup(group, survey.ledger),
    purpose: group.purpose,
    nextFree: next.kind === "full" ? null : next.port,
    isCrowded: next.kind === "crowded",
  };
}
