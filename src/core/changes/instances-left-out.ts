import { instanceKey, type ServiceInstance } from "../catalog/snapshot.ts";

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
  const keys = new Set(counted.map(instanceKey));
  const leftOut = reported.filter((instance) => !keys.has(instanceKey(instance)));
  return leftOut.length === 0 ? NONE : leftOut;
}

const NONE: readonly ServiceInstance[] = [];
