import { allocationIdOf } from "../catalog/allocation.ts";
import { instancesOf } from "../catalog/by-catalog-name.ts";
import { serviceKey } from "../catalog/snapshot.ts";
import type { AllocationAnswer, ServiceAnswer, Verdict, VerdictState } from "./answer.ts";
import type { Decided } from "./decided.ts";
import { explainService } from "./service-answer.ts";

/** The instances of an allocation, by its id or the first digits of it; undefined where no id in the catalogs names it. */
export function explainAllocation(id: string, decided: Decided): AllocationAnswer | undefined {
  const isOfIt = (serviceId: string) => allocationIdOf(serviceId)?.startsWith(id.toLowerCase()) === true;
  const found = instancesOf(decided.snapshots).filter((instance) => isOfIt(instance.id));
  if (found.length === 0) return undefined;
  const services = [...new Set(found.map(serviceKey))].map((key) =>
    explainService(key, decided, ({ instance }) => isOfIt(instance.id)),
  );
  const reason = services.find((one) => one.reason !== undefined)?.reason;
  return {
    kind: "allocation",
    allocation: id.toLowerCase(),
    verdict: verdictOf(id, services),
    ...(reason === undefined ? {} : { reason }),
    services,
  };
}

function verdictOf(id: string, services: readonly ServiceAnswer[]): Verdict {
  const states = new Set(services.map(({ verdict }) => verdict.state));
  const [only] = states;
  const state: VerdictState = states.size === 1 && only !== undefined ? only : "partly";
  const words = services.map(({ verdict }) => verdict.says).join("; ");
  return { state, says: `allocation ${id.toLowerCase().slice(0, 8)}: ${words}` };
}
