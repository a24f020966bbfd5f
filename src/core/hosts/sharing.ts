import type { TranslatedServices } from "../instances/instance-state.ts";
import { groupOfAll } from "../instances/kinship.ts";
import { isSameSharingGroup } from "../instances/sharing-group.ts";
import { allows } from "../policy/allow.ts";
import { grantOf, namesHostsAndPaths } from "../policy/policy.ts";
import type { CoreSettings, Policy } from "../settings.ts";
import { areOfOneNamespace, type Claimant } from "./claimant.ts";
import { competeForHost, shareEntryPoint, takesWholeHosts } from "./claimant-overlap.ts";

/** Which routers may share a host in one pass: by their sharing groups, or by the policy. */
export interface Sharing {
  /** Whether the services of two claimants are in one sharing group. */
  areInOneGroup(one: Claimant, other: Claimant): boolean;
  /** Whether the policy names this host, and paths, for the claimant's service, so that it counts beside another one. */
  isGranted(host: string, claimant: Claimant, beside: Claimant): boolean;
  /** Whether a claimant may name a host that belongs to another one: it is in the owner's group, or granted the host. */
  mayShare(host: string, claimant: Claimant, owner: Claimant): boolean;
  /**
   * Whether two routers that name a host compete for it:
   *
   * | of the two | they compete |
   * |---|---|
   * | one is the operator's, both are in one sharing group, or the policy grants one of them the host | where they share an entry point: elsewhere no request can reach both |
   * | neither | for the whole host, since its port 80 gets the certificates of the others |
   */
  compete(host: string, one: Claimant, other: Claimant): boolean;
  /**
   * Whether the policy grants a service its rule of many hosts: it names hosts and paths, in which the rule lies or the
   * router would have been refused before. A rule that takes all paths of many hosts is never granted.
   */
  isWideGranted(wide: Claimant): boolean;
  /** Whether the settings open the entry points that a router names to its service, as a whole. */
  areEntryPointsOpen(claimant: Claimant): boolean;
}

/**
 * @param services all services of the pass. A service's group follows from all of its instances, those included that ask for
 * no route; a claimant whose service is not among them (an absent owner's) says its group itself.
 */
export function createSharing(
  policy: Policy | undefined,
  services: TranslatedServices,
  allow: CoreSettings["allow"] = [],
): Sharing {
  const groupOf = ({ kind, service, sharingGroup }: Claimant): ReadonlySet<string> => {
    const own = kind === "service" ? services.get(service) : undefined;
    return own === undefined ? sharingGroup : groupOfAll(own);
  };
  const areInOneGroup = (one: Claimant, other: Claimant) => isSameSharingGroup(groupOf(one), groupOf(other));
  const isGranted = (host: string, claimant: Claimant, beside: Claimant) => {
    if (claimant.kind === "operator") return false;
    const grant = grantOf(policy, claimant.instances, host);
    return (
      grant.isHostNamed && grant.arePathsNamed && (grant.isAcrossNamespaces || areOfOneNamespace(claimant, beside))
    );
  };
  return {
    areInOneGroup,
    isGranted,
    mayShare: (host, claimant, owner) => areInOneGroup(claimant, owner) || isGranted(host, claimant, owner),
    compete(host, one, other) {
      if (!competeForHost(one, other)) return false;
      const isShared =
        one.kind === "operator" ||
        other.kind === "operator" ||
        areInOneGroup(one, other) ||
        isGranted(host, one, other) ||
        isGranted(host, other, one);
      return !isShared || shareEntryPoint(one, other);
    },
    areEntryPointsOpen: ({ instances, entryPoints }) =>
      entryPoints.length > 0 &&
      instances.length > 0 &&
      instances.every((instance) => allows({ allow }, instance, { entryPoints })),
    isWideGranted: (wide) => namesHostsAndPaths(policy, wide.instances) && !takesWholeHosts(wide),
  };
}
