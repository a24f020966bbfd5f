import type { Ledger, LedgerEntry, Protocol } from "../ledger.ts";
import { intersection, type PortRange } from "../port-range.ts";

/** What may reach a port: any host, the nodes of the load balancer, the site's networks, its nodes, or these networks. */
export type FirewallSource =
  | { readonly kind: "anywhere" | "ingress" | "networks" | "nodes" }
  | { readonly kind: "listed"; readonly networks: readonly string[] };

/** One rule; of all that fit a packet the first counts. */
export interface FirewallRule {
  readonly action: "accept" | "drop";
  readonly ports: PortRange;
  readonly protocols: readonly Protocol[];
  /** Undefined: on every node. */
  readonly nodes: readonly string[] | undefined;
  readonly from: FirewallSource;
  readonly why: string;
}

/**
 * What the firewalls of the nodes must let in, by the ledger: each declared port from where its exposure says, then the
 * dynamic range from the site's networks; what no rule accepts is dropped. Declared ports inside the dynamic range are
 * closed to all others first, or the range would open them again.
 */
export function firewallRules({ entries }: Ledger, dynamic: PortRange): readonly FirewallRule[] {
  const declared = entries.map((entry): FirewallRule => {
    const { ports, protocols, nodes, purpose } = entry;
    return {
      action: "accept",
      ports,
      protocols,
      nodes,
      from: sourceOf(entry),
      why: `${entry.owners.join(", ")}: ${purpose}`,
    };
  });
  const closed = declared.flatMap((rule): readonly FirewallRule[] => {
    const ports = intersection(rule.ports, dynamic);
    if (ports === undefined || rule.from.kind === "anywhere" || rule.from.kind === "networks") return [];
    return [{ ...rule, action: "drop", ports, from: { kind: "anywhere" } }];
  });
  return [
    ...declared.filter(({ from }) => from.kind !== "listed" || from.networks.length > 0),
    ...closed,
    {
      action: "accept",
      ports: dynamic,
      protocols: ["tcp", "udp"],
      nodes: undefined,
      from: { kind: "networks" },
      why: "what the scheduler hands out",
    },
  ];
}

function sourceOf({ exposure, from }: LedgerEntry): FirewallSource {
  if (from !== undefined) return { kind: "listed", networks: from };
  switch (exposure) {
    case "public":
      return { kind: "anywhere" };
    case "ingress":
    case "restricted":
      return { kind: "ingress" };
    case "internal":
      return { kind: "networks" };
    case "never":
      return { kind: "nodes" };
  }
}
