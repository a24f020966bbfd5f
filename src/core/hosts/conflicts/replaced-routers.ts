import type { ResourceKey } from "../../traefik/chart/dynamic-config.ts";
import type { AbsentOwner } from "../absent-owners.ts";
import type { Claimant } from "../claimant.ts";
import { competeForHost, shareEntryPoint, takesAll } from "../claimant-overlap.ts";
import type { HostIndex } from "../host-index.ts";
import type { Sharing } from "../sharing.ts";
import type { Refusals } from "./refusal.ts";

/**
 * The published routers of absent owners that another router takes the place of, each with that router:
 *
 * | the absent owner's router | is replaced by a router that is not refused and |
 * |---|---|
 * | names a host, no longer kept | names that host, too |
 * | names a host, kept | names that host, too, and takes all of its requests at some host |
 * | takes a set of many hosts, no longer kept | takes the same set |
 * | takes a set of many hosts, kept | takes the same set, in the owner's sharing group |
 *
 * Where two routers do not compete, neither replaces the other: the TLS twin of a router listens elsewhere.
 *
 * @param refused what is refused so far: with more refusals fewer routers are replaced
 */
export function findReplacedRouters(
  absentOwners: readonly AbsentOwner[],
  index: HostIndex,
  refused: Refusals,
  sharing: Sharing,
): ReadonlyMap<ResourceKey, ResourceKey> {
  const replaced = new Map<ResourceKey, ResourceKey>();
  for (const { claimant, isKept, isPublished } of absentOwners) {
    if (!isPublished) continue;
    const stays = (one: Claimant) => one.kind === "service" && !refused.has(one);
    const atHosts = claimant.hosts.flatMap((host) =>
      (index.byHost.get(host) ?? []).filter((one) => stays(one) && sharing.compete(host, one, claimant)),
    );
    const atSets = claimant.sets
      .flatMap((set) => index.bySet.get(set) ?? [])
      .filter((one) => stays(one) && competesForSet(one, claimant, sharing));
    const successor =
      atHosts.find((one) => !isKept || takesAll(one, claimant)) ??
      atSets.find((one) => !isKept || sharing.areInOneGroup(one, claimant));
    if (successor !== undefined) replaced.set(claimant.key, successor.key);
  }
  return replaced;
}

function competesForSet(one: Claimant, claimant: Claimant, sharing: Sharing): boolean {
  return sharing.areInOneGroup(one, claimant) ? shareEntryPoint(one, claimant) : competeForHost(one, claimant);
}

/** The published routers of absent owners that are kept, and that nothing has replaced. */
export function routersStillKept(
  absentOwners: readonly AbsentOwner[],
  replaced: ReadonlyMap<ResourceKey, ResourceKey>,
): readonly Claimant[] {
  return absentOwners
    .filter(({ claimant, isKept, isPublished }) => isKept && isPublished && !replaced.has(claimant.key))
    .map(({ claimant }) => claimant);
}
