import { addressKey } from "../catalog/address-key.ts";
import { healthOf } from "../catalog/health.ts";
import { instanceKey, type ServiceInstance } from "../catalog/snapshot.ts";

/** An instance that turned critical and keeps its traffic for a while. */
export interface Critical {
  readonly sinceMs: number;
  /** What the catalog says of it. */
  readonly reported: ServiceInstance;
  /** What counts instead: the same with the checks that it had. */
  readonly counted: ServiceInstance;
}

export interface CriticalGrace {
  readonly instances: readonly ServiceInstance[];
  /** Those whose grace runs, by instance key. */
  readonly critical: ReadonlyMap<string, Critical>;
}

/**
 * A service's instances, where one that turns critical stays what it was for `graceMs`. Who leaves the catalog, moves or is
 * put into maintenance gets no grace: that is the word of a service or of an operator, not a check that fails.
 *
 * @param before the instances that counted in the last pass
 */
export function graceCritical(
  reported: readonly ServiceInstance[],
  before: readonly ServiceInstance[],
  known: ReadonlyMap<string, Critical>,
  { graceMs, nowMs }: { readonly graceMs: number; readonly nowMs: number },
): CriticalGrace {
  const critical = new Map<string, Critical>();
  if (graceMs === 0) return { instances: reported, critical };
  const countedBefore = new Map(before.map((instance) => [instanceKey(instance), instance]));
  const instances = reported.map((instance) => {
    if (healthOf(instance).status !== "critical") return instance;
    const key = instanceKey(instance);
    const was = countedBefore.get(key);
    if (was === undefined || addressKey(was) !== addressKey(instance)) return instance;
    const running = known.get(key);
    if (running === undefined && healthOf(was).status === "critical") return instance;
    const sinceMs = running?.sinceMs ?? nowMs;
    if (nowMs >= sinceMs + graceMs) return instance;
    const counted = running?.reported === instance ? running.counted : { ...instance, checks: was.checks };
    critical.set(key, { sinceMs, reported: instance, counted });
    return counted;
  });
  return { instances, critical };
}
