import type { Claimant } from "../claimant.ts";

/**
 * Why a router is left out of the chart, in favour of which other router:
 *
 * | kind | the router |
 * |---|---|
 * | `host-taken` | names a host that the winner's service owns |
 * | `takes-over-host` | would take all requests of the winner at a host that both may name |
 * | `equal-set` | asks for the same set of many hosts as the winner, and does not come after it |
 * | `comes-before` | has a wide rule that matches hosts of the winner, and comes before it |
 * | `names-host` | names a host of the winner without asking for it, so that Traefik takes its TLS settings for the host |
 * | `other-tls-options` | asks for a host of the operator's with other TLS options |
 */
export interface Refusal {
  readonly winner: Claimant;
  readonly why:
    | { readonly kind: "host-taken"; readonly host: string }
    | { readonly kind: "takes-over-host"; readonly host: string }
    | { readonly kind: "equal-set" }
    | { readonly kind: "comes-before" }
    | { readonly kind: "names-host"; readonly host: string; readonly where: "rule" | "tls.domains" }
    | { readonly kind: "other-tls-options"; readonly host: string };
}

/** Router that is left out → why. */
export type Refusals = ReadonlyMap<Claimant, Refusal>;
