import { addressKey } from "../catalog/address-key.ts";
import { instanceKey, type ServiceInstance } from "../catalog/snapshot.ts";
import { changedRange } from "../incremental/changed-range.ts";

/** An instance that has gone, or moved, and since when. */
export interface DeregisteredInstance {
  readonly instance: ServiceInstance;
  readonly goneAtMs: number;
}

/** Long enough for instances that go together, and for one that shared its port with a held server. */
const REMEMBERED_MS = 600_000;

/** With those that have gone since the last pass, and without those that went too long ago. */
export function recentlyDeregisteredNow(
  known: readonly DeregisteredInstance[],
  before: readonly ServiceInstance[],
  now: readonly ServiceInstance[],
  nowMs: number,
): readonly DeregisteredInstance[] {
  const changed = changedRange(now, before);
  // At the start thousands come and none goes.
  const there = new Set(changed.length === 0 ? [] : changedRange(before, now).map(registrationKey));
  const gone = changed.filter((instance) => !there.has(registrationKey(instance)));
  const isOld = ({ goneAtMs }: DeregisteredInstance) => goneAtMs <= nowMs - REMEMBERED_MS;
  if (gone.length === 0 && !known.some(isOld)) return known;
  return [...known.filter((one) => !isOld(one)), ...gone.map((instance) => ({ instance, goneAtMs: nowMs }))];
}

const registrationKey = (instance: ServiceInstance): string => `${instanceKey(instance)} ${addressKey(instance)}`;
