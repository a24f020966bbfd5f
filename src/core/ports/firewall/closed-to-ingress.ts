import type { Ledger, LedgerEntry } from "../ledger/ledger.ts";
import { hasBlocks, ipBlocks, isWithinBlocks } from "./ip-blocks.ts";

/**
 * The nodes of the load balancer that a firewall by this ledger keeps away from ports that may be routed, because `from`
 * stands in place of what the exposure means: requests that Traefik sends from there get no answer. A load balancer on the
 * port's only node reaches it by loopback.
 *
 * @param node the port's, where it is known which
 */
export function ingressLeftOut(
  { exposure, from, nodes }: LedgerEntry,
  ledger: Pick<Ledger, "ingress" | "nodes">,
  node?: string,
): readonly string[] {
  if (from === undefined || exposure === "internal" || exposure === "never") return [];
  const allowed = ipBlocks(from);
  const places = node === undefined ? nodes : [node];
  return ledger.ingress.filter((balancer) => {
    const own = ipBlocks([ledger.nodes.get(balancer) ?? balancer]);
    if (!hasBlocks(own) || places?.every((place) => place === balancer)) return false;
    return ![...own.ipv4, ...own.ipv6].some((address) => isWithinBlocks(address, allowed));
  });
}

/** What to write in the ledger, so that these nodes get in. */
export function letInRemedy(
  { from = [], origin }: LedgerEntry,
  { nodes }: Pick<Ledger, "nodes">,
  left: readonly string[],
) {
  const whole = [...from, ...left.map((balancer) => nodes.get(balancer) ?? balancer)];
  return `write in ${origin}: from: [${whole.map(quoted).join(", ")}]`;
}

/** YAML's flow lists take an IPv6 address only in quotes. */
function quoted(network: string): string {
  return network.includes(":") ? JSON.stringify(network) : network;
}
