import { catalogNameIn, type ServiceInstance } from "./catalog/snapshot.ts";
import type { Damping } from "./damping/damping.ts";
import type { TranslatedServices } from "./instances/instance-state.ts";
import type { Origin, Owner } from "./merge/owner.ts";
import type { PassCache } from "./pass-cache.ts";
import type { Hold } from "./removals/hold.ts";
import type { Provenance } from "./removals/provenance.ts";
import type { DeregisteredInstance, PortHolders } from "./removals/recently-deregistered.ts";
import type { DynamicConfig, ResourceKey } from "./traefik/chart/dynamic-config.ts";

/** What one pass hands to the next. What must survive a restart is in `chart`, in `holds` and in what `KeptMemory` has. */
export interface Memory {
  /** What the published file says; undefined when there is none, or none that can be read. */
  readonly chart: DynamicConfig | undefined;
  readonly owners: ReadonlyMap<ResourceKey, Owner>;
  /** Router → when it lost its last server and began to answer 503. */
  readonly leftAtMs: ReadonlyMap<ResourceKey, number>;
  /** Routers whose departure a person has believed: it is not held, and its grace ends whatever the catalog shows. */
  readonly released: ReadonlySet<ResourceKey>;
  readonly holds: readonly Hold[];
  /** Host → the catalog service that has it, where another one asks for it, too. */
  readonly hosts: ReadonlyMap<string, string>;
  /** Service → what makes others its kin, of owners that are absent. */
  readonly sharingGroups: ReadonlyMap<string, ReadonlySet<string>>;
  /** What the operator defined, and the file or setting it came from: their own doing is never held. */
  readonly operatorConfig: ReadonlyMap<ResourceKey, string>;
  /** Who has left or moved lately. */
  readonly recentlyDeregistered: readonly DeregisteredInstance[];
  /** Who shared the ports of held servers when their hold began, or shortly before. */
  readonly portHolders: PortHolders;
  /** All that was registered on the machines of held servers, as last read. */
  readonly heldHostRegistrations?: readonly ServiceInstance[];
  /** By what the published chart was made; absent where nobody knows. */
  readonly provenance?: Provenance;
  /** Who is behind each server, and who was in the catalog: only for saying why something changed. */
  readonly origin: Origin;
  readonly services: TranslatedServices;
  /** What of the catalog's news waits; absent before the first pass. */
  readonly damping?: Damping;
  /** Saves the next pass work and changes nothing about its result. */
  readonly cache?: PassCache;
}

/** What survives a restart beside the chart; of the holds those that only a person ends. */
export type KeptMemory = Pick<
  Memory,
  "owners" | "leftAtMs" | "released" | "hosts" | "sharingGroups" | "operatorConfig" | "provenance" | "holds"
>;

/**
 * Before the first pass: all that is known is the file on disk, if there is one.
 *
 * @param catalogNames those that are charted, where they have names: owners of others, and of the one that had none, are
 *   not waited for
 */
export function initialMemory(
  chart: DynamicConfig | undefined,
  kept: KeptMemory | undefined,
  catalogNames: readonly string[] = [],
): Memory {
  const isCharted = ({ service }: Owner) => catalogNames.includes(catalogNameIn(service) ?? "");
  return {
    chart,
    owners:
      catalogNames.length === 0
        ? (kept?.owners ?? new Map())
        : new Map([...(kept?.owners ?? [])].filter(([, owner]) => isCharted(owner))),
    leftAtMs: kept?.leftAtMs ?? new Map(),
    released: kept?.released ?? new Set(),
    holds: kept?.holds ?? [],
    ...(kept?.provenance === undefined ? {} : { provenance: kept.provenance }),
    hosts: kept?.hosts ?? new Map(),
    sharingGroups: kept?.sharingGroups ?? new Map(),
    operatorConfig: kept?.operatorConfig ?? new Map(),
    recentlyDeregistered: [],
    portHolders: new Map(),
    origin: () => undefined,
    services: new Map(),
  };
}
