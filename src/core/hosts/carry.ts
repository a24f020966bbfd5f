import type { DynamicConfig } from "../traefik/chart/dynamic-config.ts";
import type { Claimant } from "./claimant.ts";
import type { Refusals } from "./conflicts/refusal.ts";
import type { HostIndex } from "./host-index.ts";

/**
 * What the hosts stage hands from one pass to the next. Nothing of it ever changes, so that any number of passes may follow
 * on one and the same carry: one that is abandoned half way, played twice or only planned leaves no mark.
 */
export interface HostsCarry {
  /** Host → the catalog service that owns it, where another service asks for it, too. Survives a restart. */
  readonly owners: ReadonlyMap<string, string>;
  /** Service → the keys of its sharing group, for owners that are absent. Survives a restart. */
  readonly sharingGroups: ReadonlyMap<string, ReadonlySet<string>>;
  /**
   * What asked for hosts and might have them in that pass. A router that is left out for what it uses or for the TLS of others
   * keeps its rights to them meanwhile. Undefined after a restart.
   */
  readonly accepted: DynamicConfig | undefined;
  /** The routers that asked for hosts in the pass that the carry comes from; undefined after a restart. */
  readonly index: HostIndex | undefined;
  /** The routers that were left out in that pass, each with the one that it lost to. No pass reads it: it is what an answer is made of. */
  readonly refused: Refusals;
  /** The routers that stayed, of which an older one with a wider rule gets requests first. As `refused`, for answers only. */
  readonly shadowed: ReadonlyMap<Claimant, Claimant>;
}

/** What the stage starts with where nothing is known of an earlier pass. */
export const NO_HOSTS_CARRY: HostsCarry = {
  owners: new Map(),
  sharingGroups: new Map(),
  accepted: undefined,
  index: undefined,
  refused: new Map(),
  shadowed: new Map(),
};
