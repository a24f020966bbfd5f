import { type GroupedInstances, groupInstances } from "../catalog/grouped-instances.ts";
import { type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose } from "../diagnostics/finding.ts";
import { rangeBetween } from "../incremental/changed-range.ts";
import { isSameList } from "../incremental/same-list.ts";
import type { Steps } from "../incremental/steps.ts";
import type { CoreSettings } from "../settings.ts";
import { type Pass, type StageResult, stageResult } from "../stage.ts";
import { type Critical, graceCritical } from "./critical-grace.ts";
import { calmFlapping, type Flapping, recently } from "./flapping.ts";

export interface DampingInput {
  /** All that the catalogs say. */
  readonly reported: GroupedInstances;
  /** The instances of a service, by its key, that counted in the last pass. */
  readonly countedBefore: (service: string) => readonly ServiceInstance[];
  /** Those of one service's instances that get traffic by their tags and their health. */
  readonly served: (instances: readonly ServiceInstance[]) => readonly ServiceInstance[];
}

/** A service that has changed within the last minute, or of which something waits. */
interface Unsettled extends Flapping {
  /** What the catalog said of it last, apart from what is critical for a moment. */
  readonly reported: readonly ServiceInstance[];
  readonly critical: ReadonlyMap<string, Critical>;
}

/** What one pass hands to the next. Never stored: after a restart all that the catalog says counts at once. */
export interface Damping {
  /** All that the catalogs said in the last pass. */
  readonly reported: GroupedInstances;
  /** What counted of it. */
  readonly counted: GroupedInstances;
  readonly unsettled: ReadonlyMap<string, Unsettled>;
}

/**
 * The first stage: what of the catalogs' news counts now. An instance that turns critical may keep its traffic for a while
 * (`backends.criticalGrace`), and what is new of a service that flaps waits (`routes.flapping`). Nothing waits in the first
 * pass. One service a step.
 *
 * @returns what counts in this pass; the very list that was given, where nothing waits
 */
export function* damp(
  { settings, nowMs }: Pass,
  { reported, countedBefore, served }: DampingInput,
  damping: Damping | undefined,
): Steps<StageResult<GroupedInstances, Damping>> {
  const concernedServices = damping === undefined ? NONE : concerned(damping, reported);
  if (damping === undefined || concernedServices.size === 0) {
    return stageResult(reported, { reported, counted: reported, unsettled: new Map() });
  }
  const unsettled = new Map<string, Unsettled>();
  const instead = new Map<string, readonly ServiceInstance[]>();
  const diagnostics: Diagnostic[] = [];
  const dueAtMs: number[] = [];

  for (const key of concernedServices) {
    yield;
    const own = reported.services.get(key) ?? NO_INSTANCES;
    const known = damping.unsettled.get(key);
    if (known !== undefined && isAtRest(known, own, settings)) {
      const recent = recently(known.cameAtMs, nowMs);
      if (recent.length > 0) unsettled.set(key, { ...known, cameAtMs: recent });
      continue;
    }
    const counted = countedBefore(key);
    const graceMs = settings.backends.criticalGraceMs;
    const graced = graceCritical(own, counted, known?.critical ?? new Map(), { graceMs, nowMs });
    const news = { reported: graced.instances, reportedBefore: known?.reported ?? counted, counted };
    const calmed = calmFlapping(news, known, { served, flapping: settings.routes.flapping, nowMs });
    if (!isSameList(calmed.instances, own)) instead.set(key, calmed.instances);
    const { cameAtMs, letThroughAtMs, isFlapping, lookAgainAtMs } = calmed;
    const { critical } = graced;
    if (cameAtMs.length > 0 || critical.size > 0) {
      unsettled.set(key, { reported: graced.instances, critical, cameAtMs, letThroughAtMs });
    }
    if (lookAgainAtMs !== undefined) dueAtMs.push(lookAgainAtMs);
    for (const { sinceMs } of critical.values()) dueAtMs.push(sinceMs + graceMs);
    const subject = own[0] ?? counted[0] ?? known?.reported[0];
    if (isFlapping && subject !== undefined) diagnostics.push(flapping(subject, settings));
  }
  const counting = withInstead(reported, instead, damping.counted);
  return { value: counting, carry: { reported, counted: counting, unsettled }, diagnostics, dueAtMs };
}

const NONE: ReadonlySet<string> = new Set();
const NO_INSTANCES: readonly ServiceInstance[] = [];

/** Nothing is new about it, nothing of it waits, and it does not flap. */
function isAtRest(known: Unsettled, own: readonly ServiceInstance[], { routes }: CoreSettings): boolean {
  const isCalm = known.cameAtMs.length <= routes.flapping.perMinute && known.critical.size === 0;
  return isCalm && isSameList(known.reported, own);
}

/** The services that something is new about, and those that have not come to rest. */
function concerned(
  { reported: { instances: before }, unsettled }: Damping,
  { instances: reported }: GroupedInstances,
): ReadonlySet<string> {
  const services = new Set(unsettled.keys());
  const { start, endBefore, endAfter } = rangeBetween(before, reported);
  for (const instance of reported.slice(start, endAfter)) services.add(serviceKey(instance));
  for (const instance of before.slice(start, endBefore)) services.add(serviceKey(instance));
  return services;
}

/**
 * The instances with those of some services replaced by others; the very ones that were given where none are.
 *
 * @param before those that counted in the last pass
 */
function withInstead(
  reported: GroupedInstances,
  instead: ReadonlyMap<string, readonly ServiceInstance[]>,
  before: GroupedInstances,
): GroupedInstances {
  if (instead.size === 0) return reported;
  const replaced = new Map<ServiceInstance, readonly ServiceInstance[]>();
  for (const [key, own] of instead) {
    // The first one brings all that count of its service.
    for (const [position, instance] of (reported.services.get(key) ?? NO_INSTANCES).entries()) {
      replaced.set(instance, position === 0 ? own : NO_INSTANCES);
    }
  }
  return groupInstances(
    reported.instances.flatMap((instance) => replaced.get(instance) ?? [instance]),
    before,
  );
}

function flapping(subject: ServiceInstance, { routes: { flapping } }: CoreSettings): Diagnostic {
  return diagnose(subject, {
    code: "SERVICE_FLAPPING",
    message: `something new came more often than ${flapping.perMinute}× within a minute; what is new is published every ${flapping.everyMs / 1_000} s until it is calmer, and what leaves does so at once`,
    remedy:
      "see why its checks or its deploys do not come to rest; Consul's success_before_passing and failures_before_critical calm a check",
  });
}
