import type { Steps } from "../incremental/steps.ts";
import type { Definition } from "../merge/definition.ts";
import type { ResourceKey } from "../traefik/chart/dynamic-config.ts";
import { type Claimant, claimantOfDefinition, threatens } from "./claimant.ts";

/** Who asks for what, and where two services could be in each other's way; kept up to date change by change. */
export interface ClaimIndex {
  /** Hosts that several services name. */
  readonly contestedHosts: ReadonlySet<string>;
  /** Sets of requests that several services ask for as a whole. */
  readonly contestedSets: ReadonlySet<string>;
  /** Routers for many hosts. */
  readonly broad: ReadonlySet<Claimant>;
  /** Some of them → those whose hosts they could take over. */
  readonly threats: ReadonlyMap<Claimant, ReadonlySet<Claimant>>;
  /** The pass that it was last brought up to date for. */
  latest: object | undefined;
  ofHost(host: string): readonly Claimant[];
  ofSet(set: string): readonly Claimant[];
  /**
   * Takes these for all there are: for each router its definition, or the claimant itself where the operator asks; the
   * same object as long as nothing about it has changed. One claimant a step, to be taken to the end: each new one is
   * compared with all that are there.
   */
  update(asking: readonly (Definition | Claimant)[]): Steps<void>;
  /** Takes these for all that may differ from the latest update: who asks for a router now, if anybody. In steps, too. */
  amend(changed: Iterable<readonly [ResourceKey, Definition | Claimant | undefined]>): Steps<void>;
}

/** What it tells depends on the latest update alone, never on those before. */
export function createClaimIndex(): ClaimIndex {
  const byKey = new Map<ResourceKey, Claimant>();
  const known = new Map<Definition | Claimant, Claimant>();
  const hosts = createGroups();
  const sets = createGroups();
  const named = new Set<Claimant>();
  const broad = new Set<Claimant>();
  const threats = new Map<Claimant, Set<Claimant>>();

  function add(claimant: Claimant): void {
    for (const host of claimant.hosts) hosts.add(host, claimant);
    for (const set of claimant.sets) sets.add(set, claimant);
    if (claimant.hosts.length > 0) {
      named.add(claimant);
      for (const other of broad) if (threatens(other, claimant)) threaten(other, claimant);
    }
    if (claimant.isBroad) {
      broad.add(claimant);
      for (const other of named) if (threatens(claimant, other)) threaten(claimant, other);
    }
  }

  function threaten(one: Claimant, other: Claimant): void {
    const known = threats.get(one);
    if (known === undefined) threats.set(one, new Set([other]));
    else known.add(other);
  }

  function remove(claimant: Claimant): void {
    known.delete(claimant.definition ?? claimant);
    for (const host of claimant.hosts) hosts.remove(host, claimant);
    for (const set of claimant.sets) sets.remove(set, claimant);
    named.delete(claimant);
    broad.delete(claimant);
    threats.delete(claimant);
    for (const [one, others] of threats) if (others.delete(claimant) && others.size === 0) threats.delete(one);
  }

  function replace(key: ResourceKey, claimant: Claimant | undefined): void {
    const old = byKey.get(key);
    if (old !== undefined) remove(old);
    if (claimant === undefined) byKey.delete(key);
    else {
      byKey.set(key, claimant);
      add(claimant);
    }
  }

  function* amend(changed: Parameters<ClaimIndex["amend"]>[0]): Steps<void> {
    for (const [key, one] of changed) {
      if (one !== undefined && known.has(one)) continue;
      const claimant = one === undefined || isClaimant(one) ? one : claimantOfDefinition(one);
      replace(key, claimant);
      if (one !== undefined && claimant !== undefined) known.set(one, claimant);
      yield;
    }
  }

  return {
    latest: undefined,
    contestedHosts: hosts.contested,
    contestedSets: sets.contested,
    broad,
    threats,
    ofHost: hosts.of,
    ofSet: sets.of,
    *update(asking) {
      yield* amend(asking.map((one) => [one.key, one] as const));
      if (byKey.size === asking.length) return;
      const present = new Set(asking.map(({ key }) => key));
      for (const key of byKey.keys()) if (!present.has(key)) replace(key, undefined);
    },
    amend,
  };
}

function isClaimant(one: Definition | Claimant): one is Claimant {
  return "areas" in one;
}

/** Claimants by what they ask for. */
function createGroups() {
  const groups = new Map<string, Set<Claimant>>();
  const contested = new Set<string>();

  return {
    contested,
    of: (name: string): readonly Claimant[] => [...(groups.get(name) ?? [])],
    add(name: string, claimant: Claimant): void {
      const group = groups.get(name);
      if (group === undefined) groups.set(name, new Set([claimant]));
      else if (isOfOneService(group.add(claimant))) return;
      else contested.add(name);
    },
    remove(name: string, claimant: Claimant): void {
      const group = groups.get(name);
      if (group?.delete(claimant) !== true) return;
      if (group.size === 0) groups.delete(name);
      if (isOfOneService(group)) contested.delete(name);
    },
  };
}

function isOfOneService(group: ReadonlySet<Claimant>): boolean {
  const [first] = group;
  for (const { service } of group) if (service !== first?.service) return false;
  return true;
}
