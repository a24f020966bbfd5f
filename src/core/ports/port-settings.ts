import type { Ledger } from "./ledger/ledger.ts";
import type { PortRange } from "./port-range.ts";

/** What decides which ports may be routed. */
export interface PortSettings {
  /** What the scheduler hands out. */
  readonly dynamic: PortRange;
  /** Declared ports: exceptions from the dynamic range, and from what may be routed. */
  readonly ledger: Ledger;
}

/** What decides whose a registered port is: of the tags those with this prefix tell its protocol. */
export interface SurveySettings {
  readonly ports: PortSettings;
  readonly traefik: { readonly prefix: string };
}
