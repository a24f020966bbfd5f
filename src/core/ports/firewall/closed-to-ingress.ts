import type { Ledger, LedgerEntry } from "../ledger/ledger.ts";
import { hasBlocks, ipBlocks, isWithinBlocks } from "./ip-blocks.ts";
import { strictestEntries } from "./overlapping-entries.ts";

/**
 * The nodes of the load balancer that a firewall by this ledger keeps away from ports that may be routed, because `from`
 * stands in place of what the exposure means: requests that Traefik sends from there get no answer. A load balancer on the
 * port's only node reaches it by loopback. Where clients get in besides, one of which Traefik may be, none counts as left out.
 *
 * @param entries all that speak of the port
 * @param node the port's, where it is known which
 */
export function ingressLeftOut(
  entries: readonly LedgerEntry[],
  ledger: Pick<Ledger, "ingress" | "nodes">,
  node?: string,
): readonly string[] {
  const counting = strictestEntries(entries);
  if (!counting.every((entry) => mayLeaveOut(entry) && entry.clients === undefined)) return [];
  const allowed = ipBlocks(counting.flatMap(({ from = [] }) => from));
  const places = node === undefined ? nodesOf(counting) : [node];
  return ledger.ingress.filter((balancer) => {
    const own = ipBlocks([ledger.nodes.get(balancer) ?? balancer]);
    if (!hasBlocks(own) || places?.every((place) => place === balancer)) return false;
    return ![...own.ipv4, ...own.ipv6].some((address) => isWithinBlocks(address, allowed));
  });
}

/** Of an entry that no route may lead to none is missing; one without `from` lets them in by what its exposure means. */
export function mayLeaveOut({ exposure, from }: LedgerEntry): boolean {
  return from !== undefined && exposure !== "internal" && exposure !== "never";
}

/** Undefined: every one. */
function nodesOf(entries: readonly LedgerEntry[]): readonly string[] | undefined {
  if (entries.some(({ nodes }) => nodes === undefined)) return undefined;
  return entries.flatMap(({ nodes = [] }) => nodes);
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
