import { refused } from "./definition.ts";
import type { Deregistration, Registration } from "./registration.ts";
import { type CatalogState, createState } from "./state.ts";

/** A catalog by Consul's rules, in memory. README.md beside this file says what it imitates. */
export interface Catalog {
  readonly datacenter: string;
  /** Name of the node of the server that a real catalog always holds. */
  readonly server: string;
  /** One write, all or nothing. Throws E_SIMULATOR_REFUSED, in Consul's own words, where Consul answers 500. */
  register(registration: Registration): void;
  /** A whole world: as many registrations, of which waiting queries are woken once. Throws as `register` does, at the first. */
  load(registrations: Iterable<Registration>): void;
  /** One write. What does not exist is deregistered in silence, as by Consul. */
  deregister(deregistration: Deregistration): void;
  /** Gives a check another status and output. Throws E_SIMULATOR_REFUSED where there is no such check. */
  setCheck(node: string, checkId: string, status: string, output?: string): void;
  /** The servers come back with nothing but themselves and with low indexes. Ends every blocked query. */
  wipe(): void;
  /**
   * The servers come back without their log: the same data, registered again by its agents under low indexes. Ends every
   * blocked query.
   */
  resetIndexes(): void;
  /** The data since the last wipe or reset, for queries. */
  readonly state: CatalogState;
}

export interface CatalogOptions {
  /** Default: dc1. */
  readonly datacenter?: string;
  /** Default: consul-server. */
  readonly server?: string;
}

/** A catalog that holds only its own server: a node, the service `consul` and the check `serfHealth`. */
export function createCatalog({ datacenter = "dc1", server = "consul-server" }: CatalogOptions = {}): Catalog {
  let state = createState(datacenter);
  state.register(serverRegistration(server));

  return {
    datacenter,
    server,
    get state() {
      return state;
    },
    register: (registration) => state.register(registration),
    load: (registrations) => state.load(registrations),
    deregister: (deregistration) => state.deregister(deregistration),
    setCheck(node, checkId, status, output = "") {
      const check = state.tables.check(node, checkId);
      if (check === undefined) throw refused(`Missing check "${checkId}" on node "${node}"`);
      state.register({ Node: node, SkipNodeUpdate: true, Check: { ...check, Status: status, Output: output } });
    },
    wipe() {
      const old = state;
      state = createState(datacenter);
      state.register(serverRegistration(server));
      old.abandon();
    },
    resetIndexes() {
      const old = state;
      state = createState(datacenter);
      state.adopt(old.tables);
      old.abandon();
    },
  };
}

function serverRegistration(server: string): Registration {
  return {
    ID: "5e12a7f0-0000-4000-8000-000000000001",
    Node: server,
    Address: "127.0.0.1",
    TaggedAddresses: { lan: "127.0.0.1", wan: "127.0.0.1" },
    NodeMeta: { "consul-network-segment": "" },
    Service: { Service: "consul", Port: 8300, Meta: { version: "1.8.7", raft_version: "3" } },
    Check: {
      CheckID: "serfHealth",
      Name: "Serf Health Status",
      Status: "passing",
      Output: "Agent alive and reachable",
    },
  };
}
