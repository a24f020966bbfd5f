import { shellWord } from "../../../core/diagnostics/shell-word.ts";
import { nftablesText } from "../../../core/ports/firewall/nftables-text.ts";
import {
  type FirewallPlan,
  firewallNodes,
  type NodeFirewall,
  nodeFirewall,
} from "../../../core/ports/firewall/node-firewall.ts";
import type { Ledger } from "../../../core/ports/ledger.ts";
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

/**
 * The rules of the node that was asked for, or of all nodes where theirs are the same. Throws AppError, 64: without a name
 * where rules differ, since those of one node close what another one needs.
 *
 * @param command how it was asked for, to be copied
 */
export function firewallOfNode(node: string | undefined, plan: FirewallPlan, command: string): NodeFirewall {
  if (node !== undefined) return nodeFirewall(plan, knownNode(node, plan.ledger));
  const known = firewallNodes(plan.ledger);
  const [first, ...others] = known.map((one) => nodeFirewall(plan, one));
  if (first === undefined) return nodeFirewall(plan, undefined);
  const text = nftablesText(first);
  if (others.every((other) => nftablesText(other) === text)) return { ...first, node: undefined };
  throw usageError(
    [
      `the nodes have different rules, and nft takes those of one: add --node with one of ${known.join(", ")}; or make all of them:`,
      `  for node in ${known.map(shellWord).join(" ")}; do ${command} --node "$node" >"$node.nft"; done`,
    ].join("\n"),
  );
}
