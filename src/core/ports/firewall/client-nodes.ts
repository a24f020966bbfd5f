import { PRODUCT_RULES } from "../../catalog/product-rules.ts";
import { type ServiceInstance, serviceKey } from "../../catalog/snapshot.ts";
import { memoize } from "../../incremental/memoize.ts";
import { knownNodeOf, type Ledger, type LedgerEntry } from "../ledger/ledger.ts";
import { clientName, isClient } from "../ledger/owner.ts";
import { hasBlocks, ipBlocks } from "./ip-blocks.ts";

/** From where the clients of an entry connect, as far as the catalog and the ledger know. */
export interface ClientNodes {
  /** Of the nodes that they are on. */
  readonly addresses: readonly string[];
  /** Clients that are registered nowhere, as the ledger names them. */
  readonly absent: readonly string[];
  /** Registrations that are on no node of the site: `web at 192.168.99.1`. */
  readonly elsewhere: readonly string[];
  /** Those on nodes of which only a name is known, which no rule can have. */
  readonly unaddressed: readonly UnaddressedClient[];
}

export interface UnaddressedClient {
  /** `web at app-1 (app-1.lan)`. */
  readonly client: string;
  /** As the ledger calls it, else the catalog. */
  readonly node: string;
}

/** Tells the clients of each entry; there are none where no entry has any, and no catalog was read. */
export type ClientsOf = (entry: LedgerEntry) => ClientNodes;

export const NO_CLIENTS: ClientsOf = () => ({ addresses: [], absent: [], elsewhere: [], unaddressed: [] });

/**
 * A client may connect from the node that it is on: that is where its connections come from, also out of a container. What a
 * service registers as its own address counts for nothing, or a tenant that registers a service of that name would open the
 * firewall to any host:
 *
 * | the ledger | the client's node | its address |
 * |---|---|---|
 * | lists nodes | is one of them, by name or by an address of the list | the ledger's, and what the catalog says of the node |
 * | lists nodes | is none of them | none |
 * | lists none | has a name in the catalog | what the catalog says of the node |
 */
export function clientNodes(instances: readonly ServiceInstance[], ledger: Ledger): ClientsOf {
  return memoize((entry) => {
    const found = instances.filter((instance) => isClient(entry, instance));
    const placed = found.map((instance) => ({ instance, addresses: nodeAddresses(instance, ledger) }));
    const clients = entry.clients ?? [];
    const absent = clients.filter(
      (client) => !found.some((instance) => isClient({ ...entry, clients: [client] }, instance)),
    );
    const strangers = placed.filter(({ addresses }) => addresses.length === 0);
    const named = placed.filter(({ addresses }) => addresses.length > 0 && !hasBlocks(ipBlocks(addresses)));
    const unaddressed = named.map(({ instance, addresses }) => {
      const node = knownNodeOf(ledger, instance) ?? instance.node;
      return { client: `${serviceKey(instance)} at ${node} (${[...new Set(addresses)].join(", ")})`, node };
    });
    return {
      addresses: [...new Set(placed.flatMap(({ addresses }) => addresses))],
      absent: absent.map(clientName),
      elsewhere: [...new Set(strangers.map(({ instance }) => `${serviceKey(instance)} at ${registeredAt(instance)}`))],
      unaddressed: [...new Map(unaddressed.map((one) => [one.client, one])).values()],
    };
  });
}

function nodeAddresses(instance: ServiceInstance, ledger: Ledger): readonly string[] {
  const name = knownNodeOf(ledger, instance);
  const told = PRODUCT_RULES[instance.catalog].namesNodes ? instance.nodeAddress : "";
  const listed = name === undefined ? undefined : ledger.nodes.get(name);
  if (ledger.nodes.size > 0 && listed === undefined) return [];
  return [listed ?? "", told].filter((address) => address !== "");
}

function registeredAt({ node, nodeAddress, address }: ServiceInstance): string {
  return `${node} (${nodeAddress === "" ? address : nodeAddress})`;
}
