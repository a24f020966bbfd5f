import type { Ledger, LedgerEntry } from "../ports/ledger/ledger.ts";
import { hostPortAt } from "../traefik/backend-url.ts";
import type { ScrapeTarget } from "./target.ts";

/** What the operator's ledger says has metrics: of each entry a target on each of its nodes, on all that the ledger knows where it names none. */
export function ledgerTargets(ledger: Ledger): readonly ScrapeTarget[] {
  return ledger.entries.flatMap((entry) => {
    const { metrics, ports } = entry;
    if (metrics === undefined) return [];
    return nodesOf(entry, ledger).map((node): ScrapeTarget => {
      const address = hostPortAt(ledger.nodes.get(node) ?? node, ports.first);
      return { ...metrics, address, source: "ledger", of: { ...ownerFacts(entry), node, purpose: entry.purpose } };
    });
  });
}

function nodesOf({ nodes }: LedgerEntry, ledger: Ledger): readonly string[] {
  return nodes ?? [...ledger.nodes.keys()];
}

function ownerFacts({ owners, namespace }: LedgerEntry): ScrapeTarget["of"] {
  return { service: owners.join(","), ...(namespace === undefined ? {} : { namespace }) };
}
