import { EXPOSURES, type Ledger, type LedgerEntry, type Protocol } from "../ledger/ledger.ts";
import { intersection, type PortRange } from "../port-range.ts";
import { type ClientsOf, NO_CLIENTS } from "./client-nodes.ts";
import { overlappingEntries } from "./overlapping-entries.ts";

/**
 * What may reach a port: any host, the nodes of the load balancer, the site's networks, its nodes, these networks, or the
 * nodes that its clients are on, by their addresses.
 */
export type FirewallSource =
  | { readonly kind: "anywhere" | "ingress" | "networks" | "nodes" }
  | { readonly kind: "listed" | "clients"; readonly networks: readonly string[] };

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
 * What the firewalls of the nodes must let in, by the ledger: each declared port from where its exposure says and from the nodes
 * of its clients, then the dynamic range from the site's networks; what no rule accepts is dropped. Where entries of different
 * exposure overlap, the strictest counts alone, in whatever order they stand: it comes first, and closes the shared ports to all
 * others. Declared ports inside the dynamic range are closed to all others before it, or the range would open them again.
 */
export function firewallRules(
  { entries }: Ledger,
  dynamic: PortRange,
  clientsOf: ClientsOf = NO_CLIENTS,
): readonly FirewallRule[] {
  const declared = entries.map((entry) => {
    const { ports, protocols, nodes, owners, purpose } = entry;
    const rule = { ports, protocols, nodes, why: `${owners.join(", ")}: ${purpose}` };
    return { entry, rule, sources: sourcesOf(entry, clientsOf) };
  });
  const overlaps = overlappingEntries(entries);
  const stricter = declared.filter(({ entry }) => overlaps.some((overlap) => overlap.stricter === entry));
  const others = declared.filter((one) => !stricter.includes(one));
  const first = EXPOSURES.toReversed().flatMap((exposure): readonly FirewallRule[] => {
    const own = stricter.filter(({ entry }) => entry.exposure === exposure);
    const closing = own.flatMap(({ entry, rule }) =>
      overlaps
        .filter((overlap) => overlap.stricter === entry)
        .map(({ ports, protocols, nodes }) => ({ ...rule, ...DROP, ports, protocols, nodes })),
    );
    return [...own.flatMap(accepting), ...closing];
  });
  const closed = declared.flatMap(({ rule, sources }): readonly FirewallRule[] => {
    const ports = intersection(rule.ports, dynamic);
    const isOpenAnyway = sources.some(({ kind }) => kind === "anywhere" || kind === "networks");
    return ports === undefined || isOpenAnyway ? [] : [{ ...rule, ...DROP, ports }];
  });
  return [
    ...first,
    ...others.flatMap(accepting),
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

const DROP = { action: "drop", from: { kind: "anywhere" } } as const;

interface DeclaredRule {
  readonly rule: Omit<FirewallRule, "action" | "from">;
  readonly sources: readonly FirewallSource[];
}

function accepting({ rule, sources }: DeclaredRule): readonly FirewallRule[] {
  return sources.map((from) => ({ action: "accept", ...rule, from }));
}

/**
 * | the entry has | open to |
 * |---|---|
 * | neither `from` nor `clients` | what its exposure means |
 * | `from` | those networks |
 * | `clients` | their nodes, besides; with `never` in place of all the site's nodes |
 */
function sourcesOf(entry: LedgerEntry, clientsOf: ClientsOf): readonly FirewallSource[] {
  const { exposure, from, clients = [] } = entry;
  const base = from === undefined ? meant(exposure) : { kind: "listed" as const, networks: from };
  if (clients.length === 0 || base.kind === "anywhere") return isNone(base) ? [] : [base];
  const connecting = { kind: "clients" as const, networks: clientsOf(entry).addresses };
  return base.kind === "nodes" || isNone(base) ? [connecting] : [base, connecting];
}

function isNone(source: FirewallSource): boolean {
  return source.kind === "listed" && source.networks.length === 0;
}

function meant(exposure: LedgerEntry["exposure"]): FirewallSource {
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
