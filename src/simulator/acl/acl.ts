import type { AccessControl } from "../consul/route.ts";
import { aclRoutes } from "./routes.ts";
import { type AclOptions, type AclStore, createAclStore } from "./store.ts";

/** Consul's ACLs: tokens, policies and roles, and the part of the API that manages them. */
export type Acl = AclStore & AccessControl;

/** ACLs with the anonymous token, which has no policies, and one token for the management. */
export function createAcl(options: AclOptions): Acl {
  const store = createAclStore(options);
  return Object.assign(store, { routes: aclRoutes(store) });
}
