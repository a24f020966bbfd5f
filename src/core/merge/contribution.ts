import { serviceKey } from "../catalog/snapshot.ts";
import { memoize } from "../incremental/memoize.ts";
import type { Translated } from "../instances/instance.ts";
import { type ResourceKey, resourceKey, SECTIONS } from "../traefik/chart/dynamic-config.ts";
import { type Claim, type Definition, uniteClaims } from "./definition.ts";

/** What the instances of one catalog service define together, by key. */
export type Contribution = ReadonlyMap<ResourceKey, Definition>;

/** @param own all instances of one catalog service; remembered for this very list */
export const contributionOf = memoize((own: readonly Translated[]): Contribution => {
  const claims = new Map<ResourceKey, Claim[]>();
  for (const claim of own.flatMap(claimsOf)) {
    const key = resourceKey(claim.section, claim.name);
    const others = claims.get(key);
    if (others === undefined) claims.set(key, [claim]);
    else others.push(claim);
  }
  const contribution = new Map<ResourceKey, Definition>();
  for (const [key, claimed] of claims) {
    const definition = uniteClaims(claimed);
    if (definition !== undefined) contribution.set(key, definition);
  }
  return contribution;
});

function claimsOf({ instance, state }: Translated): readonly Claim[] {
  if (state.kind !== "routed") return [];
  const { config } = state.fragment;
  const service = serviceKey(instance);
  return SECTIONS.flatMap((section) =>
    [...config[section]].map(([name, object]) => ({ section, name, service, instance, object })),
  );
}
