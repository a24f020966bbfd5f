import type { Ledger } from "./ledger/ledger.ts";
import { isWithin, type PortRange } from "./port-range.ts";

/** What decides which ports may be routed. */
export interface PortSettings {
  /** What the scheduler hands out. */
  readonly dynamic: PortRange;
  /** Declared ports: exceptions from the dynamic range, and from what may be routed. */
  readonly ledger: Ledger;
}

/** The ports that the scheduler may hand out and of which the ledger says nothing, in ascending order. */
export function* undeclaredDynamicPorts({ dynamic, ledger }: PortSettings): Generator<number, undefined> {
  for (let port = dynamic.first; port <= dynamic.last; port += 1) {
    const entry = ledger.entries.find(({ ports }) => isWithin(port, ports));
    if (entry === undefined) yield port;
    else port = entry.ports.last;
  }
}

/** What decides whose a registered port is: of the tags those with this prefix tell its protocol. */
export interface SurveySettings {
  readonly ports: PortSettings;
  readonly traefik: { readonly prefix: string };
}
