import { instanceKey, type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import type { Reason } from "./answer.ts";
import type { Decided } from "./decided.ts";
import { spanText } from "./way/ago.ts";

/** What of an instance waits in the damping, so that not all the catalog says of it counts yet. */
export function waitingReason(instance: ServiceInstance, isCounted: boolean, decided: Decided): Reason | undefined {
  const { decision, settings, nowMs } = decided;
  const unsettled = decision.memory.damping?.unsettled.get(serviceKey(instance));
  if (unsettled === undefined) return undefined;
  const stage = "damping";
  const critical = unsettled.critical.get(instanceKey(instance));
  if (critical !== undefined) {
    const endsInMs = critical.sinceMs + settings.backends.criticalGraceMs - nowMs;
    return {
      ...{ stage, code: "CRITICAL_GRACE" },
      message: `it turned critical and keeps its traffic for another ${spanText(endsInMs)} (backends.criticalGrace)`,
      remedy: "mend the service or its check before that",
    };
  }
  const { perMinute, everyMs } = settings.routes.flapping;
  if (isCounted || unsettled.cameAtMs.length <= perMinute) return undefined;
  const throughInMs = unsettled.letThroughAtMs + everyMs - nowMs;
  return {
    ...{ stage, code: "SERVICE_FLAPPING" },
    message: `its service brought something new more than ${perMinute}× within a minute; what is new is let through in ${spanText(throughInMs)} (routes.flapping)`,
    remedy: "see why its checks or its deploys do not come to rest",
  };
}
