import type { Protocol } from "./ledger/ledger.ts";

/** A port that a file of the operator's sends requests to by a fixed address. */
export interface StaticPort {
  readonly port: number;
  readonly protocol: Protocol;
  /** As written, without brackets: an address or a name. */
  readonly host: string;
  /** What points there: `http/services/nas`. */
  readonly name: string;
}

/** The same, on the node that has the address; where no known node has it, the address stands for the node. */
export interface StaticPortOnNode extends StaticPort {
  readonly node: string;
}

/** Finds the nodes. @param nodes name → address */
export function staticPortsOnNodes(
  ports: readonly StaticPort[],
  nodes: ReadonlyMap<string, string>,
): readonly StaticPortOnNode[] {
  return ports.map((one) => {
    const host = one.host.toLowerCase();
    const found = [...nodes].find(([name, address]) => address.toLowerCase() === host || name.toLowerCase() === host);
    return { ...one, node: found?.[0] ?? one.host };
  });
}
