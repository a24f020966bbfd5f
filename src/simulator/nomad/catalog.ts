import type { AllocationDefinition } from "./allocation.ts";
import type { NodeDefinition } from "./node.ts";
import type { ServiceDefinition } from "./registration.ts";
import type { Tokens } from "./rights.ts";
import { createNomadState, type NomadState } from "./state.ts";

/** Nomad's clients and registrations of native services, in memory. README.md of the embedded catalog says what it imitates. */
export interface NomadCatalog {
  readonly region: string;
  /** Registers, or changes what has the same namespace and ID. */
  register(definition: ServiceDefinition): void;
  /** Removes one registration. Throws E_SIMULATOR_REFUSED, in Nomad's own words, where there is none. */
  deregister(registration: { readonly ID: string; readonly Namespace?: string }): void;
  /** Registers a client, or changes the one of this name. From the start there is one, `embedded`, with Nomad's defaults. */
  registerNode(definition: NodeDefinition): void;
  removeNode(name: string): void;
  /** Places an allocation, or changes the one of this ID. */
  placeAllocation(definition: AllocationDefinition): void;
  /** Forgets an allocation, as garbage collection does. */
  removeAllocation(id: string): void;
  /** Turns ACLs on, with these tokens in place of those before; undefined turns them off. Wakes no query, as in Nomad. */
  setTokens(tokens: Tokens | undefined): void;
  readonly tokens: Tokens | undefined;
  /** The servers come back with no service, one client and low indexes. Ends every blocked query. */
  wipe(): void;
  /** The data since the last wipe, for queries. */
  readonly state: NomadState;
}

export interface NomadCatalogOptions {
  /** Default: global. */
  readonly region?: string;
}

/** A catalog without services. */
export function createNomadCatalog({ region = "global" }: NomadCatalogOptions = {}): NomadCatalog {
  let state = createNomadState();
  let tokens: Tokens | undefined;
  return {
    region,
    get state() {
      return state;
    },
    register: (definition) => state.register(definition),
    deregister: ({ ID, Namespace = "default" }) => state.deregister(Namespace, ID),
    registerNode: (definition) => state.putNode(definition),
    removeNode: (name) => state.removeNode(name),
    placeAllocation: (definition) => state.putAllocation(definition),
    removeAllocation: (id) => state.removeAllocation(id),
    setTokens(next) {
      tokens = next;
    },
    get tokens() {
      return tokens;
    },
    wipe() {
      const old = state;
      state = createNomadState();
      old.abandon();
    },
  };
}
