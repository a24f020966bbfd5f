import type { Policy } from "../../settings.ts";
import type { ResourceKey } from "../../traefik/chart/dynamic-config.ts";
import type { AbsentOwner } from "../absent-owners.ts";
import type { Claimant } from "../claimant.ts";
import type { HostIndex } from "../host-index.ts";
import type { Past } from "../published-before.ts";
import type { Sharing } from "../sharing.ts";
import { resolveContestedHosts } from "./contested-hosts.ts";
import { resolveEqualSets } from "./equal-sets.ts";
import type { Refusals } from "./refusal.ts";
import { findReplacedRouters, routersStillKept } from "./replaced-routers.ts";
import { findWithoutConsent } from "./tls-consent.ts";
import { resolveWideRules } from "./wide-rules.ts";

export interface ResolvedConflicts {
  /** Routers that are left out. */
  readonly refused: Refusals;
  /** Of these the ones that lose to no claim, and keep their hosts: they are left out for the TLS of others. */
  readonly refusedForTls: Refusals;
  /** Router that stays → the older router with a wide rule that gets requests to its hosts first. */
  readonly shadowed: ReadonlyMap<Claimant, Claimant>;
  /** Host that several services ask for, or that is kept for an absent owner → the service that owns it. */
  readonly owners: ReadonlyMap<string, string>;
  /** Published routers of absent owners → the router that takes their place. */
  readonly replaced: ReadonlyMap<ResourceKey, ResourceKey>;
}

/**
 * Decides which routers stay: hosts that are named first, then wide rules, then equal sets; each step knows what the steps
 * before it have refused; last the TLS settings for hosts of others. Only what is contested is looked at.
 */
export function resolveHostConflicts(
  index: HostIndex,
  absentOwners: readonly AbsentOwner[],
  past: Past,
  policy: Policy | undefined,
  sharing: Sharing,
): ResolvedConflicts {
  const kept = absentOwners.filter(({ isKept }) => isKept).map(({ claimant }) => claimant);
  const hosts = resolveContestedHosts(index, kept, past, policy, sharing);
  const keptRouters = routersStillKept(absentOwners, findReplacedRouters(absentOwners, index, hosts.refused, sharing));
  const wide = resolveWideRules(index, keptRouters, past, hosts.refused, sharing);
  const sets = resolveEqualSets(index, keptRouters, past, new Map([...hosts.refused, ...wide.refused]), sharing);
  const refused = new Map([...hosts.refused, ...wide.refused, ...sets]);
  // A router that a later step has refused replaces no absent owner's.
  const replaced = findReplacedRouters(absentOwners, index, refused, sharing);
  const tls = findWithoutConsent({ index, absentOwners, refused, replaced, sharing });
  return {
    refused: new Map([...refused, ...tls.refused]),
    refusedForTls: tls.refused,
    shadowed: wide.shadowed,
    owners: withHostsOf(tls.refused.keys(), hosts.owners),
    replaced: new Map([...replaced, ...tls.replaced]),
  };
}

/** The owners, with those of routers that are refused for the TLS of others alone: their own hosts stay theirs. */
function withHostsOf(claimants: Iterable<Claimant>, owners: ResolvedConflicts["owners"]): ResolvedConflicts["owners"] {
  const all = new Map(owners);
  for (const { hosts, service } of claimants) for (const host of hosts) if (!all.has(host)) all.set(host, service);
  return all.size === owners.size ? owners : all;
}
