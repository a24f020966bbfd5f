import type { ServiceInstance } from "../../catalog/snapshot.ts";
import type { Network } from "../../ports/ledger/network.ts";
import type { CoreSettings } from "../../settings.ts";
import { limitsNow } from "../own-rule.ts";
import { ANYWHERE } from "./backend-address.ts";

/** Where the backends of an instance may be. */
export interface BackendNetworks {
  /** `ANYWHERE` where no limit is declared. */
  readonly declared: readonly Network[];
  /** What its rule of the policy names itself. */
  readonly named: readonly Network[];
}

/** By the rule of the policy that is about it, else by the networks of the policy. */
export function backendNetworks(instance: ServiceInstance, { policy }: Pick<CoreSettings, "policy">): BackendNetworks {
  const { backends: named } = limitsNow(instance, policy);
  const networks = policy === undefined || policy.networks.length === 0 ? ANYWHERE : policy.networks;
  return { declared: named ?? networks, named: named ?? NONE };
}

const NONE: readonly Network[] = [];
