/** What is known of the address and port of a server that is only held. */
export interface HeldPort {
  /** What was registered there when the hold began, or shortly before: services by their keys, and their allocations. */
  readonly holders: ReadonlySet<string>;
  /** Service, by its key → the nodes on which it was registered there, in so far as that is known. */
  readonly nodes: ReadonlyMap<string, ReadonlySet<string>>;
}

/** By `HOST:PORT`, in lower case. */
export type HeldPorts = ReadonlyMap<string, HeldPort>;
