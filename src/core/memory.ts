import type { Presence } from "./presence.ts";
import type { ServiceInstance } from "./snapshot.ts";
import type { HttpConfig } from "./traefik/dynamic-config.ts";

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
  readonly routers: readonly string[];
  readonly sinceMs: number;
  /** When it ends by itself; a mass removal ends then only if the catalog has confirmed it. */
  readonly endsAtMs?: number;
}

/** What one pass hands to the next. Everything that must survive a restart is in `chart`, `owners` and `leftAtMs`. */
export interface Memory {
  /** What the published file says; undefined when there is none, or none that can be read. */
  readonly chart: HttpConfig | undefined;
  /** `routers/NAME`, `services/NAME`, `middlewares/NAME` → owner. */
  readonly owners: ReadonlyMap<string, Owner>;
  /** Router → when it lost its last server and began to answer 503. */
  readonly leftAtMs: ReadonlyMap<string, number>;
  readonly hold: Hold | undefined;
  /** `SERVICE URL` → the instance behind it, and what each instance was: only for saying why something changed. */
  readonly origins: ReadonlyMap<string, ServiceInstance>;
  readonly presence: ReadonlyMap<string, Presence>;
}

/** Before the first pass: all that is known is the file on disk, if there is one. */
export function initialMemory(
  chart: HttpConfig | undefined,
  kept: { readonly owners: ReadonlyMap<string, Owner>; readonly leftAtMs: ReadonlyMap<string, number> } | undefined,
): Memory {
  return {
    chart,
    owners: kept?.owners ?? new Map(),
    leftAtMs: kept?.leftAtMs ?? new Map(),
    hold: undefined,
    origins: new Map(),
    presence: new Map(),
  };
}
