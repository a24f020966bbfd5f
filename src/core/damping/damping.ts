import { type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose } from "../diagnostics/finding.ts";
import { changedRange } from "../incremental/changed-range.ts";
import { isSameList } from "../incremental/same-list.ts";
import type { Steps } from "../incremental/steps.ts";
import type { TranslatedServices } from "../instances/instance-state.ts";
import type { CoreSettings } from "../settings.ts";
import { type Critical, graceCritical } from "./critical-grace.ts";
import { calmFlapping, type Flapping, recently } from "./flapping.ts";

/** A service that has changed within the last minute, or of which something waits. */
interface Unsettled extends Flapping {
  /** What the catalog said of it last, apart from what is critical for a moment. */
  readonly told: readonly ServiceInstance[];
  readonly critical: ReadonlyMap<string, Critical>;
}

/** What one pass hands to the next. Never stored: after a restart all that the catalog says counts at once. */
export interface Damping {
  /** All that the catalogs said in the last pass. */
  readonly told: readonly ServiceInstance[];
  readonly unsettled: ReadonlyMap<string, Unsettled>;
}

export interface Damped {
  /** What counts in this pass; the very list that was given, where nothing waits. */
  readonly instances: readonly ServiceInstance[];
  readonly damping: Damping;
  readonly diagnostics: readonly Diagnostic[];
  /** When what waits is due. */
  readonly dueAtMs: readonly number[];
}

/**
 * What of the catalogs' news counts now: an instance that turns critical may keep its traffic for a while
 * (`backends.criticalGrace`), and what is new of a service that flaps waits (`routes.flapping`). Never in the first pass.
 * One service a step.
 *
 * @param roll who counted in the last pass
 */
export function* damp(
  told: readonly ServiceInstance[],
  { damping, services }: { readonly damping?: Damping; readonly services: TranslatedServices },
  settings: CoreSettings,
  nowMs: number,
): Steps<Damped> {
  if (damping === undefined) return undamped(told);
  const concernedServices = concerned(damping, told);
  if (concernedServices.size === 0) return undamped(told);
  const unsettled = new Map<string, Unsettled>();
  const instead = new Map<string, readonly ServiceInstance[]>();
  const diagnostics: Diagnostic[] = [];
  const dueAtMs: number[] = [];

  for (const [key, own] of concernedServices) {
    yield;
    const known = damping.unsettled.get(key);
    if (known !== undefined && isAtRest(known, own, settings)) {
      const recent = recently(known.cameAtMs, nowMs);
      if (recent.length > 0) unsettled.set(key, { ...known, cameAtMs: recent });
      continue;
    }
    const shown = (services.get(key) ?? []).map(({ instance }) => instance);
    const graceMs = settings.backends.criticalGraceMs;
    const graced = graceCritical(own, shown, known?.critical ?? new Map(), { graceMs, nowMs });
    const news = { told: graced.instances, toldBefore: known?.told ?? shown, shown };
    const calmed = calmFlapping(news, known, settings, nowMs);
    if (!isSameList(calmed.instances, own)) instead.set(key, calmed.instances);
    const { cameAtMs, shownAtMs, isFlapping, lookAgainAtMs } = calmed;
    const { critical } = graced;
    if (cameAtMs.length > 0 || critical.size > 0) {
      unsettled.set(key, { told: graced.instances, critical, cameAtMs, shownAtMs });
    }
    if (lookAgainAtMs !== undefined) dueAtMs.push(lookAgainAtMs);
    for (const { sinceMs } of critical.values()) dueAtMs.push(sinceMs + graceMs);
    const witness = own[0] ?? shown[0] ?? known?.told[0];
    if (isFlapping && witness !== undefined) diagnostics.push(flapping(witness, settings));
  }
  return { instances: withInstead(told, instead), damping: { told, unsettled }, diagnostics, dueAtMs };
}

/** Nothing is new about it, nothing of it waits, and it does not flap. */
function isAtRest(known: Unsettled, own: readonly ServiceInstance[], { routes }: CoreSettings): boolean {
  const isCalm = known.cameAtMs.length <= routes.flapping.perMinute && known.critical.size === 0;
  return isCalm && isSameList(known.told, own);
}

function undamped(told: readonly ServiceInstance[]): Damped {
  return { instances: told, damping: { told, unsettled: new Map() }, diagnostics: [], dueAtMs: [] };
}

/** The concernedServices, with all their instances, that something is new about, and those that have not come to rest. */
function concerned(
  { told: before, unsettled }: Damping,
  told: readonly ServiceInstance[],
): ReadonlyMap<string, readonly ServiceInstance[]> {
  const own = new Map<string, ServiceInstance[]>([...unsettled.keys()].map((key) => [key, []]));
  for (const list of [changedRange(before, told), changedRange(told, before)]) {
    for (const instance of list) own.set(serviceKey(instance), []);
  }
  if (own.size > 0) for (const instance of told) own.get(serviceKey(instance))?.push(instance);
  return own;
}

function withInstead(
  told: readonly ServiceInstance[],
  instead: Map<string, readonly ServiceInstance[]>,
): readonly ServiceInstance[] {
  if (instead.size === 0) return told;
  return told.flatMap((instance) => {
    const key = serviceKey(instance);
    const own = instead.get(key);
    // The first one brings all that count of its service.
    if (own !== undefined) instead.set(key, []);
    return own ?? [instance];
  });
}

function flapping(witness: ServiceInstance, { routes: { flapping } }: CoreSettings): Diagnostic {
  return diagnose(witness, {
    code: "SERVICE_FLAPPING",
    message: `something new came more often than ${flapping.perMinute}× within a minute; what is new is published every ${flapping.everyMs / 1_000} s until it is calmer, and what leaves does so at once`,
    remedy:
      "see why its checks or its deploys do not come to rest; Consul's success_before_passing and failures_before_critical calm a check",
  });
}
