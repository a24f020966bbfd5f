import { addressKey } from "../catalog/address-key.ts";
import { instanceKey, type ServiceInstance } from "../catalog/snapshot.ts";
import { changedRange } from "../incremental/changed-range.ts";

/** An address with a port, as `HOST:PORT`, and who is registered there: services by their keys, and their allocations. */
export type PortHolders = ReadonlyMap<string, ReadonlySet<string>>;

/** An instance that has gone, or moved, and since when. */
export interface DeregisteredInstance {
  readonly instance: ServiceInstance;
  readonly goneAtMs: number;
}

/** Who leaves with others leaves within this time, and who shares a port with one that is held has left lately. */
const REMEMBERED_MS = 600_000;

/** With those that have gone since the last pass, and without those that nobody need remember. */
export function recentlyDeregisteredNow(
  known: readonly DeregisteredInstance[],
  before: readonly ServiceInstance[],
  now: readonly ServiceInstance[],
  nowMs: number,
): readonly DeregisteredInstance[] {
  const changed = changedRange(now, before);
  // At the start thousands come and nobody goes.
  const there = new Set(changed.length === 0 ? [] : changedRange(before, now).map(tenancy));
  const gone = changed.filter((instance) => !there.has(tenancy(instance)));
  const isOld = ({ goneAtMs }: DeregisteredInstance) => goneAtMs <= nowMs - REMEMBERED_MS;
  if (gone.length === 0 && !known.some(isOld)) return known;
  return [...known.filter((one) => !isOld(one)), ...gone.map((instance) => ({ instance, goneAtMs: nowMs }))];
}

const tenancy = (instance: ServiceInstance): string => `${instanceKey(instance)} ${addressKey(instance)}`;
