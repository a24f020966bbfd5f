import type { Roll } from "./presence.ts";
import type { ServiceInstance } from "./snapshot.ts";
import type { DynamicConfig, ResourceKey } from "./traefik/dynamic-config.ts";

/** Who a name belongs to. */
export interface Owner {
  /** The catalog service, by its key. */
  readonly service: string;
  /** Since when the owner has had no routed instance; its names are kept for it a while. */
  readonly goneAtMs?: number;
}

/** Why routers without servers are still published with the servers they had. */
export interface Hold {
  readonly kind: "source-away" | "catalog-reset" | "mass-removal";
  readonly routers: readonly ResourceKey[];
  readonly sinceMs: number;
  /** When it ends by itself; a mass removal ends then only if the catalog has confirmed it. */
  readonly endsAtMs?: number;
}

/** The instance behind a server: by the key of its service, and its URL or address. */
export type Origin = (service: ResourceKey, endpoint: string) => ServiceInstance | undefined;

/** What one pass hands to the next. What must survive a restart is in `chart`, `owners`, `leftAtMs`, `hosts`, `families` and `statics`. */
export interface Memory {
  /** What the published file says; undefined when there is none, or none that can be read. */
  readonly chart: DynamicConfig | undefined;
  readonly owners: ReadonlyMap<ResourceKey, Owner>;
  /** Router → when it lost its last server and began to answer 503. */
  readonly leftAtMs: ReadonlyMap<ResourceKey, number>;
  /** Host → the catalog service that has it, where another one asks for it, too. */
  readonly hosts: ReadonlyMap<string, string>;
  /** Service → what makes others its kin, of owners that are absent. */
  readonly families: ReadonlyMap<string, ReadonlySet<string>>;
  readonly hold: Hold | undefined;
  /** What the operator defined, and the file or setting it came from: their own doing is never held. */
  readonly statics: ReadonlyMap<ResourceKey, string>;
  /** Who is behind each server, and who was in the catalog: only for saying why something changed. */
  readonly origin: Origin;
  readonly roll: Roll;
}

/** Before the first pass: all that is known is the file on disk, if there is one. */
export function initialMemory(
  chart: DynamicConfig | undefined,
  kept: Pick<Memory, "owners" | "leftAtMs" | "hosts" | "families" | "statics"> | undefined,
): Memory {
  return {
    chart,
    owners: kept?.owners ?? new Map(),
    leftAtMs: kept?.leftAtMs ?? new Map(),
    hosts: kept?.hosts ?? new Map(),
    families: kept?.families ?? new Map(),
    hold: undefined,
    statics: kept?.statics ?? new Map(),
    origin: () => undefined,
    roll: new Map(),
  };
}
