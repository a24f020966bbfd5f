import type { Ledger } from "../ledger/ledger.ts";

/** A network by the name that the ledger gives it, else as it is written. */
export function networkName(network: string, { namedNetworks }: Ledger): string {
  for (const [name, networks] of namedNetworks) if (networks.includes(network)) return name;
  return network;
}
