import { emptyPersistentMap, type PersistentMap } from "../incremental/persistent-map.ts";
import type { ResourceKey } from "../traefik/chart/dynamic-config.ts";

/** What one router asks for of something that is shared by all services. */
export interface Demand {
  readonly key: ResourceKey;
  /** The catalog service that owns it, by its key. */
  readonly service: string;
  /** The catalog's index at its first registration: the lower, the older. */
  readonly createIndex: number;
  readonly amount: number;
}

/** How much there is of it. */
export interface Budget {
  /** All routers of one service. */
  readonly ofService: number;
  /** Of each service so much does not count: it is what ordinary services ask for. */
  readonly free: number;
  /** What services ask for beyond that, together. */
  readonly ofAll: number;
}

/** All demands, with what they come to. It never changes; the next one is made from it by what has changed. */
export interface Demands {
  /** Of the routers that ask for anything. */
  readonly byKey: PersistentMap<Demand>;
  readonly byService: PersistentMap<number>;
  /** What services ask for beyond what is free, together. */
  readonly excess: number;
  /** How many services ask for more than one service may. */
  readonly greedy: number;
}

export const NO_DEMANDS: Demands = {
  byKey: emptyPersistentMap(),
  byService: emptyPersistentMap(),
  excess: 0,
  greedy: 0,
};

/** The demands after these changes: router → what it asks for now; undefined, or 0, where that is nothing. */
export function withDemands(
  before: Demands,
  changes: Iterable<readonly [ResourceKey, Demand | undefined]>,
  { free, ofService }: Budget,
): Demands {
  const byKey = before.byKey.edit();
  const byService = before.byService.edit();
  let { excess, greedy } = before;
  const add = (service: string, amount: number) => {
    const old = byService.draft.get(service) ?? 0;
    const now = old + amount;
    excess += Math.max(0, now - free) - Math.max(0, old - free);
    greedy += Number(now > ofService) - Number(old > ofService);
    byService.put(service, now === 0 ? undefined : now);
  };
  for (const [key, asked] of changes) {
    const known = byKey.draft.get(key);
    const demand = asked === undefined || asked.amount === 0 ? undefined : asked;
    if (known === undefined && demand === undefined) continue;
    if (known?.amount === demand?.amount && known?.service === demand?.service) continue;
    if (known !== undefined) add(known.service, -known.amount);
    if (demand !== undefined) add(demand.service, demand.amount);
    byKey.put(key, demand);
  }
  const after = byKey.result();
  return after === before.byKey ? before : { byKey: after, byService: byService.result(), excess, greedy };
}
