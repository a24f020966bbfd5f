import { addressAndTagsKey, addressKey } from "../catalog/address-key.ts";
import { instanceKey, type ServiceInstance } from "../catalog/snapshot.ts";
import { serviceTranslator } from "../instances/translated-services.ts";
import type { CoreSettings } from "../settings.ts";

const MINUTE_MS = 60_000;

/** A service that brings something new again and again. */
export interface Flapping {
  /** When something new came, within the last minute. */
  readonly cameAtMs: readonly number[];
  /** When something new of it was last let through. */
  readonly shownAtMs: number;
}

export interface Calmed extends Flapping {
  readonly instances: readonly ServiceInstance[];
  readonly isFlapping: boolean;
  /** When what waits is let through, or the minute's count falls; undefined where time changes nothing. */
  readonly lookAgainAtMs: number | undefined;
}

/**
 * What counts of a service: all of it, unless it has brought something new more than `perMinute` times within a minute.
 * From then on what is new (an instance, another place, other tags) is let through every `everyMs`, all that waits at
 * once. What leaves, is hidden, refused or unhealthy leaves at once: only arrivals wait.
 *
 * @param told what the catalog says now
 * @param toldBefore what it said in the last pass
 * @param shown what counted in the last pass
 */
export function calmFlapping(
  { told, toldBefore, shown }: Readonly<Record<"told" | "toldBefore" | "shown", readonly ServiceInstance[]>>,
  known: Flapping | undefined,
  settings: CoreSettings,
  nowMs: number,
): Calmed {
  const { perMinute, everyMs } = settings.routes.flapping;
  const served = servedAmong(told, settings);
  const servedBefore = new Set(servedAmong(toldBefore, settings).map(askedBy));
  const hasCome = served.some((instance) => !servedBefore.has(askedBy(instance)));
  const cameAtMs = [...recently(known?.cameAtMs ?? [], nowMs), ...(hasCome ? [nowMs] : [])];
  const isFlapping = cameAtMs.length > perMinute;
  const shownAtMs = known?.shownAtMs ?? nowMs;
  const calmAtMs = cameAtMs[cameAtMs.length - 1 - perMinute];
  const countFallsAtMs = isFlapping && calmAtMs !== undefined ? calmAtMs + MINUTE_MS : undefined;

  const servedByUs = new Map(servedAmong(shown, settings).map((instance) => [instanceKey(instance), instance]));
  const isNew = (instance: ServiceInstance) => {
    const ours = servedByUs.get(instanceKey(instance));
    return ours === undefined || addressAndTagsKey(ours) !== addressAndTagsKey(instance);
  };
  const waiting = new Set(served.filter(isNew));
  const dueAtMs = shownAtMs + everyMs;
  if (waiting.size === 0 || !isFlapping || nowMs >= dueAtMs) {
    const letThroughAtMs = waiting.size === 0 ? shownAtMs : nowMs;
    return { instances: told, cameAtMs, shownAtMs: letThroughAtMs, isFlapping, lookAgainAtMs: countFallsAtMs };
  }
  const instances = told.flatMap((instance) => {
    if (!waiting.has(instance)) return [instance];
    const ours = servedByUs.get(instanceKey(instance));
    return ours !== undefined && addressKey(ours) === addressKey(instance) ? [ours] : [];
  });
  const lookAgainAtMs = Math.min(dueAtMs, countFallsAtMs ?? dueAtMs);
  return { instances, cameAtMs, shownAtMs, isFlapping, lookAgainAtMs };
}

function askedBy(instance: ServiceInstance): string {
  return `${instanceKey(instance)} ${addressAndTagsKey(instance)}`;
}

function servedAmong(instances: readonly ServiceInstance[], settings: CoreSettings): readonly ServiceInstance[] {
  return serviceTranslator(settings)(instances)
    .filter(({ state }) => state.kind === "routed")
    .map(({ instance }) => instance);
}

/** Those of the times that lie within the last minute. */
export function recently(timesMs: readonly number[], nowMs: number): readonly number[] {
  return timesMs.filter((at) => at > nowMs - MINUTE_MS);
}
