import { catalogNameIn, DEFAULT_NAMESPACE } from "../catalog/snapshot.ts";
import type { AreKin } from "../instances/kinship.ts";
import { kindOf, type Section } from "../traefik/chart/dynamic-config.ts";
import type { Definition } from "./definition.ts";

/**
 * Whether a service of the owner's namespace may mean the same by a name, where it defines it alike. By the name of a load
 * balancer the servers of both would be one, so that each gets visitors of the other: a stranger could take a share of
 * any service's traffic by registering its tags once more.
 *
 * | the name of | may be shared by |
 * |---|---|
 * | a router, a middleware | all services |
 * | a service of Traefik's | those of one sharing group, and one service in several catalogs |
 *
 * @param owner a service by its key
 */
export function mayMeanTheSame(definition: Definition, owner: string, areKin: AreKin): boolean {
  return kindOf(definition.section) !== "services" || isOneParty(definition, owner, areKin);
}

/** Whether the service of a definition is the owner, one of its sharing group, or the same service in another catalog. */
export function isOneParty(definition: Definition, owner: string, areKin: AreKin): boolean {
  if (areKin(definition.service, owner)) return true;
  // Without a name of a catalog, a colon is a part of the service's name.
  return definition.catalogName !== undefined && nameIn(definition.service) === nameIn(owner);
}

/**
 * Whether a name that services of two namespaces define alike may be theirs in common: that of a middleware, which has no servers
 * and takes no requests, so that neither gets a visitor of the other. The same job in two namespaces has the same middlewares.
 */
export function isOfAllNamespaces(section: Section): boolean {
  return kindOf(section) === "middlewares";
}

/** A service's key apart from the names of its catalog and of the default namespace, which not every catalog has. */
function nameIn(service: string): string {
  const local = service.slice((catalogNameIn(service) ?? "").length + 1);
  return local.startsWith(`${DEFAULT_NAMESPACE}/`) ? local.slice(DEFAULT_NAMESPACE.length + 1) : local;
}
