import { addressAndTagsKey, addressKey } from "../catalog/address-key.ts";
import { instanceKey, type ServiceInstance } from "../catalog/snapshot.ts";
import type { CoreSettings } from "../settings.ts";

const MINUTE_MS = 60_000;

/** A service that brings something new again and again. */
export interface Flapping {
  /** When something new came, within the last minute. */
  readonly cameAtMs: readonly number[];
  /** When something new of it was last let through. */
  readonly letThroughAtMs: number;
}

export interface Calmed extends Flapping {
  readonly instances: readonly ServiceInstance[];
  readonly isFlapping: boolean;
  /** When what waits is let through, or the minute's count falls; undefined where time changes nothing. */
  readonly lookAgainAtMs: number | undefined;
}

export interface FlappingRules {
  /** Those of one service's instances that get traffic by their tags and their health. */
  readonly served: (instances: readonly ServiceInstance[]) => readonly ServiceInstance[];
  readonly flapping: CoreSettings["routes"]["flapping"];
  readonly nowMs: number;
}

/**
 * What counts of a service: all of it, unless it has brought something new more than `perMinute` times within a minute.
 * From then on what is new (an instance, another place, other tags) is let through every `everyMs`, all that waits at
 * once. What leaves, is hidden, refused or unhealthy leaves at once: only arrivals wait.
 *
 * @param reported what the catalog says now
 * @param reportedBefore what it said in the last pass
 * @param counted what counted in the last pass
 */
export function calmFlapping(
  {
    reported,
    reportedBefore,
    counted,
  }: Readonly<Record<"reported" | "reportedBefore" | "counted", readonly ServiceInstance[]>>,
  known: Flapping | undefined,
  { served, flapping, nowMs }: FlappingRules,
): Calmed {
  const { perMinute, everyMs } = flapping;
  const servedNow = served(reported);
  const servedBefore = new Set(served(reportedBefore).map(askedBy));
  const hasCome = servedNow.some((instance) => !servedBefore.has(askedBy(instance)));
  const cameAtMs = [...recently(known?.cameAtMs ?? [], nowMs), ...(hasCome ? [nowMs] : [])];
  const isFlapping = cameAtMs.length > perMinute;
  const letThroughAtMs = known?.letThroughAtMs ?? nowMs;
  const calmAtMs = cameAtMs[cameAtMs.length - 1 - perMinute];
  const countFallsAtMs = isFlapping && calmAtMs !== undefined ? calmAtMs + MINUTE_MS : undefined;

  const countedByKey = new Map(served(counted).map((instance) => [instanceKey(instance), instance]));
  const isNew = (instance: ServiceInstance) => {
    const own = countedByKey.get(instanceKey(instance));
    return own === undefined || addressAndTagsKey(own) !== addressAndTagsKey(instance);
  };
  const waiting = new Set(servedNow.filter(isNew));
  const dueAtMs = letThroughAtMs + everyMs;
  if (waiting.size === 0 || !isFlapping || nowMs >= dueAtMs) {
    const throughAtMs = waiting.size === 0 ? letThroughAtMs : nowMs;
    return { instances: reported, cameAtMs, letThroughAtMs: throughAtMs, isFlapping, lookAgainAtMs: countFallsAtMs };
  }
  const instances = reported.flatMap((instance) => {
    if (!waiting.has(instance)) return [instance];
    const own = countedByKey.get(instanceKey(instance));
    return own !== undefined && addressKey(own) === addressKey(instance) ? [own] : [];
  });
  const lookAgainAtMs = Math.min(dueAtMs, countFallsAtMs ?? dueAtMs);
  return { instances, cameAtMs, letThroughAtMs, isFlapping, lookAgainAtMs };
}

function askedBy(instance: ServiceInstance): string {
  return `${instanceKey(instance)} ${addressAndTagsKey(instance)}`;
}

/** Those of the times that lie within the last minute. */
export function recently(timesMs: readonly number[], nowMs: number): readonly number[] {
  return timesMs.filter((at) => at > nowMs - MINUTE_MS);
}
