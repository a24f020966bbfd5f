import { shellWord } from "../../../core/diagnostics/shell-word.ts";
import { firewallNodes } from "../../../core/ports/firewall/node-firewall.ts";
import type { Ledger } from "../../../core/ports/ledger/ledger.ts";
import { usageError } from "../../command-line/command-line.ts";
import { didYouMean } from "../../text/did-you-mean.ts";
import { quoted } from "../../text/quoted.ts";

/** A node of the ledger: the rules of another name would lack what is open there alone. Throws AppError: 64 for any other. */
export function knownNode(node: string, ledger: Ledger): string {
  const known = firewallNodes(ledger);
  if (known.length === 0 || known.includes(node)) return node;
  throw usageError(
    `--node: found ${quoted(node)}; allowed, as the ledger names them: ${known.join(", ")}${didYouMean(node, known)}`,
  );
}

/** What is printed of one node, for a file. */
export interface NodeFile {
  printed(node: string | undefined): string;
  /** How it was asked for, to be copied. */
  readonly command: string;
  /** Of the file's name: `nft`. */
  readonly ending: string;
}

/** Of which node something is printed. */
export interface PrintedNode {
  readonly node: string | undefined;
  /** It is the same for every node; what is printed bears no name. */
  readonly isOfAll: boolean;
}

/**
 * The node that was asked for, or any one where what is printed is the same for all. Throws AppError, 64: without a name where
 * it differs, since the rules of one node close what another one needs.
 */
export function printedNode(
  node: string | undefined,
  ledger: Ledger,
  { printed, command, ending }: NodeFile,
): PrintedNode {
  if (node !== undefined) return { node: knownNode(node, ledger), isOfAll: false };
  const known = firewallNodes(ledger);
  const [first, ...others] = known;
  if (first === undefined) return { node: undefined, isOfAll: true };
  const text = printed(first);
  if (others.every((other) => printed(other) === text)) return { node: first, isOfAll: others.length > 0 };
  throw usageError(
    [
      `what is to be printed differs between the nodes: add --node with one of ${known.join(", ")}; or make it for all of them:`,
      `  for node in ${known.map(shellWord).join(" ")}; do ${command} --node "$node" >"$node.${ending}"; done`,
    ].join("\n"),
  );
}
