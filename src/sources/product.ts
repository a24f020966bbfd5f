/** What of a message depends on which catalog it is about. */
export interface Product {
  readonly name: "Consul" | "Nomad";
  /** The section of the settings. */
  readonly section: "consul" | "nomad";
  /** What to do when a token is refused. */
  readonly rights: string;
}

export const CONSUL: Product = {
  name: "Consul",
  section: "consul",
  rights: 'the token needs service_prefix "" { policy = "read" } and node_prefix "" { policy = "read" }',
};

export const NOMAD: Product = {
  name: "Nomad",
  section: "nomad",
  rights: 'the token needs the capability "read-job" in the namespace, or to be a workload identity of it',
};
