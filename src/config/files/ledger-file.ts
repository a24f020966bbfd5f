import { type Ledger, PROTOCOLS } from "../../core/ports/ledger/ledger.ts";
import { USUAL_ENDPOINT } from "../../core/ports/ledger/metrics-endpoint.ts";
import { checkFile } from "./checked-file.ts";
import { ledgerProblems } from "./ledger/ledger-problems.ts";
import { ledgerFile } from "./ledger/ledger-schema.ts";
import { resolveNetworks } from "./networks.ts";

export type ParsedLedger =
  | { readonly kind: "sound"; readonly ledger: Ledger }
  | { readonly kind: "refused"; readonly errors: readonly string[] };

/**
 * Reads the content of a ledger's file. Every object is strict: an entry with a misspelt key would protect nothing.
 *
 * @param path the file, as messages name it
 */
export function parseLedger(content: unknown, path: string): ParsedLedger {
  const checked = checkFile(ledgerFile, content);
  if (checked.kind === "refused") return checked;
  const errors = ledgerProblems(checked.content);
  if (errors.length > 0) return { kind: "refused", errors };
  const { nodes, networks: declared, ports, ...rest } = checked.content;
  const entries = ports.map(({ protocol, status, owner, from, metrics, ...own }, position) => ({
    ...own,
    origin: `${path.replace(/^.*\//, "")}: ports.${position}`,
    protocols: protocol === "both" ? PROTOCOLS : [protocol],
    owners: owner,
    ...(from === undefined ? {} : { from: resolveNetworks(from, declared).networks }),
    ...(metrics === undefined ? {} : { metrics: metrics === true ? USUAL_ENDPOINT : metrics }),
    ...(status === undefined ? {} : { expected: status }),
  }));
  return {
    kind: "sound",
    ledger: { ...rest, ...declared, file: path, entries, nodes: new Map(Object.entries(nodes)) },
  };
}
