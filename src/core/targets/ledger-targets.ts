import type { Ledger, LedgerEntry } from "../ports/ledger/ledger.ts";
import { hostPortAt } from "../traefik/backend-url.ts";
import type { ScrapeTarget } from "./target.ts";

/** A target, and the entry that says so. */
export interface LedgerTarget {
  readonly target: ScrapeTarget;
  readonly entry: LedgerEntry;
}

/** What the operator's ledger says has metrics: of each entry a target on each of its nodes, on all that the ledger knows where it names none. */
export function ledgerTargets(ledger: Ledger): readonly LedgerTarget[] {
  return ledger.entries.flatMap((entry) => {
    const { metrics, ports } = entry;
    if (metrics === undefined) return [];
    return nodesOf(entry, ledger).map((node): LedgerTarget => {
      const address = hostPortAt(ledger.nodes.get(node) ?? node, ports.first);
      const of = { ...ownerFacts(entry), node, purpose: entry.purpose };
      return { target: { ...metrics, address, source: "ledger", of }, entry };
    });
  });
}

function nodesOf({ nodes }: LedgerEntry, ledger: Ledger): readonly string[] {
  return nodes ?? [...ledger.nodes.keys()];
}

function ownerFacts({ owners, namespace }: LedgerEntry): ScrapeTarget["of"] {
  return { service: owners.join(","), ...(namespace === undefined ? {} : { namespace }) };
}
