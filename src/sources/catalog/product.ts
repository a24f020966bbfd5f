/** What differs between the catalogs where their clients are alike. */
export interface Product {
  readonly name: "Consul" | "Nomad";
  /** The section of the settings. */
  readonly section: string;
  /** What the names of its headers begin with, in lower case. */
  readonly headerPrefix: string;
  /** What it can be asked for by a parameter of that name; Nomad has nothing stronger than its default, the leader. */
  readonly consistencies: readonly string[];
  /** What index 0 in an answer means, where it is no index at all. */
  readonly indexZero?: string;
  /** What to do when a token is refused. */
  readonly rights: string;
}

export const CONSUL: Product = {
  name: "Consul",
  section: "consul",
  headerPrefix: "x-consul",
  consistencies: ["stale", "consistent"],
  rights: 'the token needs service_prefix "" { policy = "read" } and node_prefix "" { policy = "read" }',
};

export const NOMAD: Product = {
  name: "Nomad",
  section: "nomad",
  headerPrefix: "x-nomad",
  consistencies: ["stale"],
  indexZero: "answered with index 0, as Nomad does where a token may read no namespace",
  rights: 'the token needs the capability "read-job" in the namespace, or to be a workload identity of it',
};

/** Nomad where it is asked for its clients and nothing else. */
export const NOMAD_CLIENTS: Product = {
  name: "Nomad",
  section: "nomad",
  headerPrefix: "x-nomad",
  consistencies: ["stale"],
  rights: 'the token needs node { policy = "read" }',
};
