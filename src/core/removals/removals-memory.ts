import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { TranslatedServices } from "../instances/instance-state.ts";
import type { Owner } from "../merge/owner.ts";
import type { DynamicConfig, ResourceKey } from "../traefik/chart/dynamic-config.ts";
import type { HeldPorts } from "./held-port.ts";
import type { Hold } from "./hold.ts";
import type { Provenance } from "./provenance.ts";
import type { Departure } from "./recently-deregistered.ts";
import type { Sleepers } from "./sleepers.ts";
import type { ServedBy } from "./stopped-owners.ts";

/** What the last pass came to. */
export interface LastPass {
  /** What the published file says; undefined when there is none, or none that can be read. */
  readonly chart: DynamicConfig | undefined;
  readonly owners: ReadonlyMap<ResourceKey, Owner>;
  readonly services: TranslatedServices;
  /** Service → the keys of its sharing group, of owners that were absent. */
  readonly absentGroups: ReadonlyMap<string, ReadonlySet<string>>;
  readonly instances: readonly ServiceInstance[];
  /** The names in the chart that the operator defined: what the operator takes away is never held. */
  readonly operatorNames: ReadonlyMap<ResourceKey, unknown>;
  /** There was none in this process: only the file and the state are known. */
  readonly isFirst: boolean;
}

export interface RemovalsInput {
  /** All that is asked for and may be had. */
  readonly desired: DynamicConfig;
  /** Published routers of absent owners → the router that has taken their place: nothing of them may stay. */
  readonly replaced: ReadonlyMap<ResourceKey, ResourceKey>;
  /** Which published routers may stay although no instance asks for them. */
  readonly mayOutlive: (router: ResourceKey, how: "held" | "emptied") => boolean;
  /** The instances that count in this pass. */
  readonly instances: readonly ServiceInstance[];
  /** Those that are registered and do not count in this pass: what is new of a service that flaps waits. */
  readonly uncounted: readonly ServiceInstance[];
  readonly services: TranslatedServices;
  readonly last: LastPass;
}

/** What one pass hands to the next. */
export interface RemovalsMemory {
  /** Router → when it lost its last server and began to answer 503. */
  readonly leftAtMs: ReadonlyMap<ResourceKey, number>;
  /** Routers whose removal an operator has confirmed: it is not held, and its grace ends whatever the catalog shows. */
  readonly released: ReadonlySet<ResourceKey>;
  /** Routers that an operator has just ended, which their services asked to be kept; absent in all but the next pass. */
  readonly endedByHand?: ReadonlySet<ResourceKey>;
  readonly holds: readonly Hold[];
  readonly servedBy: ServedBy;
  /** Where instances were registered that have gone or moved lately. */
  readonly recentlyDeregistered: readonly Departure[];
  /** The addresses and ports of held servers. */
  readonly heldPorts: HeldPorts;
  /** All that was registered on the hosts of held servers, as last read. */
  readonly heldHostRegistrations: readonly ServiceInstance[] | undefined;
  /** The services that ask to be kept. */
  readonly sleepers: Sleepers;
  /** The routers of the published chart that lead to the operator's page, since their service sleeps. */
  readonly paged: ReadonlySet<ResourceKey>;
  /** By what the published chart was made; undefined where that is not known. */
  readonly provenance: Provenance | undefined;
}

/** Where nothing is known of an earlier pass. */
export const NO_REMOVALS: RemovalsMemory = {
  leftAtMs: new Map(),
  released: new Set(),
  holds: [],
  servedBy: new Map(),
  recentlyDeregistered: [],
  heldPorts: new Map(),
  heldHostRegistrations: undefined,
  sleepers: new Map(),
  paged: new Set(),
  provenance: undefined,
};
