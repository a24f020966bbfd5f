import { instanceKey, type ServiceInstance } from "../catalog/snapshot.ts";
import { changedRange } from "../incremental/changed-range.ts";

/**
 * The instances that the catalogs show and that do not count. The damping hands on the very list where all count.
 *
 * @param counted those that count, each as it is or as it was
 */
export function instancesLeftOut(
  reported: readonly ServiceInstance[],
  counted: readonly ServiceInstance[],
): readonly ServiceInstance[] {
  if (reported === counted) return NONE;
  const there = new Set(changedRange(reported, counted));
  const candidates = changedRange(counted, reported).filter((instance) => !there.has(instance));
  if (candidates.length === 0) return NONE;
  // Most of them count as they were: few of thousands get a key.
  const ids = new Set(candidates.map(({ id }) => id));
  const keys = new Set(counted.filter(({ id }) => ids.has(id)).map(instanceKey));
  const leftOut = candidates.filter((instance) => !keys.has(instanceKey(instance)));
  return leftOut.length === 0 ? NONE : leftOut;
}

const NONE: readonly ServiceInstance[] = [];
