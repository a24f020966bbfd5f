import { copyOnWrite } from "../incremental/copy-on-write-map.ts";
import { emptyPersistentMap, type PersistentMap } from "../incremental/persistent-map.ts";
import type { Steps } from "../incremental/steps.ts";
import type { Definition } from "../merge/definition.ts";
import type { ResourceKey } from "../traefik/chart/dynamic-config.ts";
import { type Claimant, claimantOfDefinition } from "./claimant.ts";
import { isThreatTo } from "./claimant-overlap.ts";

/**
 * Which routers ask for which hosts in one pass, and where those of different services may conflict. It never changes; the
 * index of the next pass is made from it, by what has changed.
 */
export interface HostIndex {
  /** Every router that asks for hosts, by its key. */
  readonly claimants: PersistentMap<Claimant>;
  /** Host → the routers that name it. */
  readonly byHost: PersistentMap<readonly Claimant[]>;
  /** Set of many hosts → the routers that take all of it. */
  readonly bySet: PersistentMap<readonly Claimant[]>;
  /** Of `byHost` the hosts that several services name. */
  readonly contestedHosts: ReadonlyMap<string, readonly Claimant[]>;
  /** Of `bySet` the sets that several services ask for. */
  readonly contestedSets: ReadonlyMap<string, readonly Claimant[]>;
  /** Routers with a wide rule → the routers of other services of which it could take requests. */
  readonly wide: ReadonlyMap<Claimant, ReadonlySet<Claimant>>;
  /** Routers that name hosts which they do not ask for, by their keys. */
  readonly naming: ReadonlyMap<string, Claimant>;
  /** Routers that name TLS options, by their keys. */
  readonly withTlsOptions: ReadonlyMap<string, Claimant>;
}

/** A router that asks for hosts, as it comes in: a service's definition, or the claimant itself where it is the operator's. */
export type Asking = Definition | Claimant;

export const EMPTY_HOST_INDEX: HostIndex = {
  claimants: emptyPersistentMap(),
  byHost: emptyPersistentMap(),
  bySet: emptyPersistentMap(),
  contestedHosts: new Map(),
  contestedSets: new Map(),
  wide: new Map(),
  naming: new Map(),
  withTlsOptions: new Map(),
};

/**
 * The index of exactly these routers, one of them a step. A router that is the same object as in the earlier index costs
 * nothing.
 *
 * @param index of any earlier pass
 */
export function* indexOfAll(index: HostIndex, all: readonly Asking[]): Steps<HostIndex> {
  const edit = editHostIndex(index);
  for (const asking of all) if (edit.put(asking.key, asking)) yield;
  if (index.claimants.size === 0) return edit.result();
  const present = new Set<string>(all.map(({ key }) => key));
  for (const key of index.claimants.keys()) if (!present.has(key)) edit.remove(key);
  return edit.result();
}

/**
 * The index after these changes, one of them a step.
 *
 * @param index to which the changes relate
 * @param changes router → what asks for hosts under its key now, or undefined where nothing does
 */
export function* indexAfter(
  index: HostIndex,
  changes: Iterable<readonly [ResourceKey, Asking | undefined]>,
): Steps<HostIndex> {
  const edit = editHostIndex(index);
  for (const [key, asking] of changes) {
    const isChanged = asking === undefined ? edit.remove(key) : edit.put(key, asking);
    if (isChanged) yield;
  }
  return edit.result();
}

/** Changes to an index, which itself stays as it is. `put` and `remove` say whether they have changed anything. */
function editHostIndex(index: HostIndex) {
  const claimants = index.claimants.edit();
  const hosts = editGroups(index.byHost, index.contestedHosts);
  const sets = editGroups(index.bySet, index.contestedSets);
  const wide = editWide(index.wide);
  const naming = copyOnWrite(index.naming);
  const withTlsOptions = copyOnWrite(index.withTlsOptions);

  function remove(key: string): boolean {
    const claimant = claimants.draft.get(key);
    if (claimant === undefined) return false;
    claimants.put(key, undefined);
    for (const host of claimant.hosts) hosts.remove(host, claimant);
    for (const set of claimant.sets) sets.remove(set, claimant);
    wide.remove(claimant);
    naming.put(key, undefined);
    withTlsOptions.put(key, undefined);
    return true;
  }

  return {
    remove,
    put(key: ResourceKey, asking: Asking): boolean {
      const known = claimants.draft.get(key);
      if (known !== undefined && (known === asking || known.definition === asking)) return false;
      const claimant = isClaimant(asking) ? asking : claimantOfDefinition(asking);
      remove(key);
      claimants.put(key, claimant);
      for (const host of claimant.hosts) hosts.add(host, claimant);
      for (const set of claimant.sets) sets.add(set, claimant);
      wide.add(claimant, claimants.draft.values());
      if (claimant.namedOnly.length + claimant.domainsOnly.length > 0) naming.put(key, claimant);
      if (claimant.tls !== undefined && claimant.tls.options !== "default") withTlsOptions.put(key, claimant);
      return true;
    },
    result: (): HostIndex => {
      const after = claimants.result();
      if (after === index.claimants) return index;
      const [byHost, contestedHosts] = hosts.result();
      const [bySet, contestedSets] = sets.result();
      return {
        ...{ claimants: after, byHost, bySet, contestedHosts, contestedSets, wide: wide.result() },
        ...{ naming: naming.result(), withTlsOptions: withTlsOptions.result() },
      };
    },
  };
}

function isClaimant(asking: Asking): asking is Claimant {
  return "areas" in asking;
}

/** Changes to claimants that are grouped by what they ask for; `contested` are the groups of more than one service. */
function editGroups(
  groups: PersistentMap<readonly Claimant[]>,
  contested: ReadonlyMap<string, readonly Claimant[]>,
): {
  add(name: string, claimant: Claimant): void;
  remove(name: string, claimant: Claimant): void;
  result(): readonly [typeof groups, typeof contested];
} {
  const changed = new Map<string, Set<Claimant>>();
  const groupOf = (name: string): Set<Claimant> => {
    const group = changed.get(name) ?? new Set(groups.get(name));
    changed.set(name, group);
    return group;
  };
  return {
    add: (name, claimant) => void groupOf(name).add(claimant),
    remove: (name, claimant) => void groupOf(name).delete(claimant),
    result() {
      const all = groups.edit();
      const ofSeveral = copyOnWrite(contested);
      for (const [name, members] of changed) {
        const group = [...members];
        all.put(name, group.length === 0 ? undefined : group);
        ofSeveral.put(name, isOfOneService(group) ? undefined : group);
      }
      return [all.result(), ofSeveral.result()];
    },
  };
}

function isOfOneService(group: readonly Claimant[]): boolean {
  return group.every(({ service }) => service === group[0]?.service);
}

/** Changes to wide rules and to the routers that they threaten. */
function editWide(before: HostIndex["wide"]) {
  let copy: Map<Claimant, ReadonlySet<Claimant>> | undefined;
  /** Sets that are this edit's own. */
  const own = new Map<Claimant, Set<Claimant>>();

  function changeable(): Map<Claimant, ReadonlySet<Claimant>> {
    copy ??= new Map(before);
    return copy;
  }

  function threatenedBy(wide: Claimant): Set<Claimant> {
    const known = own.get(wide);
    if (known !== undefined) return known;
    const threatened = new Set((copy ?? before).get(wide));
    own.set(wide, threatened);
    changeable().set(wide, threatened);
    return threatened;
  }

  return {
    /** @param all the claimants of the index, this one among them */
    add(claimant: Claimant, all: Iterable<Claimant>): void {
      if (isTakenFrom(claimant)) {
        for (const wide of (copy ?? before).keys()) if (isThreatTo(wide, claimant)) threatenedBy(wide).add(claimant);
      }
      if (!claimant.isWide) return;
      changeable().set(claimant, NONE);
      for (const named of all) {
        if (isTakenFrom(named) && isThreatTo(claimant, named)) threatenedBy(claimant).add(named);
      }
    },
    remove(claimant: Claimant): void {
      if (claimant.isWide) changeable().delete(claimant);
      own.delete(claimant);
      for (const [wide, threatened] of copy ?? before)
        if (threatened.has(claimant)) threatenedBy(wide).delete(claimant);
    },
    result: (): HostIndex["wide"] => copy ?? before,
  };
}

const NONE: ReadonlySet<Claimant> = new Set();

/** Whether a wide rule can take something from a router: a host that it names, or, as TCP from HTTP, anything. */
function isTakenFrom({ hosts, protocol }: Claimant): boolean {
  return hosts.length > 0 || protocol === "http";
}
