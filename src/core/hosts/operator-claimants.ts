import { memoize } from "../incremental/memoize.ts";
import type { OperatorConfig } from "../operator-config/operator-config.ts";
import { type ResourceKey, routersOf } from "../traefik/chart/dynamic-config.ts";
import { type Claimant, claimantOf } from "./claimant.ts";

/** The routers that the operator defines, by their keys, as claimants. */
export const operatorClaimants = memoize(({ config, origins }: OperatorConfig): ReadonlyMap<ResourceKey, Claimant> => {
  const claimants = new Map<ResourceKey, Claimant>();
  for (const { key, section, name, router: object } of routersOf(config)) {
    const claimant = claimantOf({
      key,
      section,
      name,
      object,
      service: origins.get(key) ?? "",
      kind: "operator",
      instances: [],
      sharingGroup: new Set(),
      createIndex: 0,
    });
    claimants.set(key, claimant);
  }
  return claimants;
});
