import { PRODUCT_NAMES } from "../../core/catalog/product-rules.ts";
import type { Catalog } from "../../core/catalog/snapshot.ts";

/** What differs between the catalogs where their clients are alike. */
export interface Product {
  /** In messages to the operator. */
  readonly name: string;
  /** The section of the settings. */
  readonly section: string;
  /** What the names of its headers begin with, in lower case. */
  readonly headerPrefix: string;
  /** The consistencies that can be asked for, each by a parameter of that name; Nomad has nothing stronger than its default, the leader. */
  readonly consistencies: readonly string[];
  /** What index 0 in an answer means, where it is no index at all. */
  readonly indexZero: string | undefined;
  /** What to do when a token is refused. */
  readonly rights: string;
  /** The command that shows which servers there are, and which of them leads. */
  readonly showServers: string;
  /** How a token is given, for one who has given none. */
  readonly giveToken: string;
  /** The service that the product's own servers register, where they do: a token that sees everything sees it. */
  readonly serversName: string | undefined;
}

/** The products, one row each. A new one adds a row here and a folder beside `consul/` and `nomad/`. */
export const PRODUCTS = {
  consul: {
    name: PRODUCT_NAMES.consul,
    section: "consul",
    headerPrefix: "x-consul",
    consistencies: ["stale", "consistent"],
    indexZero: undefined,
    rights: 'the token needs service_prefix "" { policy = "read" } and node_prefix "" { policy = "read" }',
    showServers: "consul operator raft list-peers",
    giveToken: "consul.tokenFile, consul.login, CONSUL_HTTP_TOKEN or CONSUL_HTTP_TOKEN_FILE",
    serversName: "consul",
  },
  nomad: {
    name: PRODUCT_NAMES.nomad,
    section: "nomad",
    headerPrefix: "x-nomad",
    consistencies: ["stale"],
    indexZero: "answered with index 0, as Nomad does where a token may read no namespace",
    rights: 'the token needs the capability "read-job" in the namespace, or to be a workload identity of it',
    showServers: "nomad operator raft list-peers",
    giveToken: "nomad.tokenFile, NOMAD_TOKEN or NOMAD_TOKEN_FILE",
    serversName: undefined,
  },
} as const satisfies Readonly<Record<Catalog, Product>>;
