import type { Ledger } from "./ledger.ts";

/** A node of the load balancer. */
export interface IngressNode {
  readonly node: string;
  /** As the ledger has it; the node's name where it has none, which may be an address itself. */
  readonly address: string;
}

/** Where the names of routed hosts have to lead, in the order of the ledger. */
export function ingressNodes({ ingress, nodes }: Pick<Ledger, "ingress" | "nodes">): readonly IngressNode[] {
  return ingress.map((node) => ({ node, address: nodes.get(node) ?? node }));
}
