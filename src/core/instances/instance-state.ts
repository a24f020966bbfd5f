import { instanceKey, type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import { remember } from "../incremental/memoize.ts";
import type { Disposition, Translated } from "./instance.ts";

/** How an instance, or the best instance of a service, stands at the moment; and what made it so if it stood otherwise before. */
export interface Presence {
  readonly kind: Disposition["kind"];
  readonly why: string;
}

/** Says in a few words how an instance stands. */
function presenceOf(disposition: Disposition): Presence {
  switch (disposition.kind) {
    case "routed":
      return {
        kind: "routed",
        why: disposition.despite === undefined ? "healthy again" : "no instance of its service is healthy",
      };
    case "hidden":
      return { kind: "hidden", why: "no longer exposed" };
    case "unhealthy": {
      const { status, because } = disposition.health;
      const check = because === undefined ? "" : ` (check ${JSON.stringify(because.name || because.id)})`;
      return { kind: "unhealthy", why: `${status === "" ? "unknown health" : status}${check}` };
    }
    case "refused":
      return { kind: "refused", why: `quarantined: ${disposition.diagnostics[0]?.code ?? "refused"}` };
  }
}

/** Everybody who is in the catalog, by service key. */
export type Roll = ReadonlyMap<string, readonly Translated[]>;

export function rollOf(translated: readonly Translated[]): Roll {
  const roll = new Map<string, Translated[]>();
  for (const one of translated) {
    const key = serviceKey(one.instance);
    const own = roll.get(key);
    if (own === undefined) roll.set(key, [one]);
    else own.push(one);
  }
  return roll;
}

/** How an instance stands, found by its key; undefined if it is not in the catalog. */
export function presenceAt(roll: Roll, instance: ServiceInstance): Presence | undefined {
  const key = instanceKey(instance);
  const own = roll.get(serviceKey(instance)) ?? [];
  const found = own.length > FEW ? byKey(own).get(key) : own.find((one) => instanceKey(one.instance) === key);
  return found && presenceOf(found.disposition);
}

/** Among so few nobody needs an index; among fifty thousand, each looked for, it took minutes without. */
const FEW = 32;

const byKey = remember(
  (own: readonly Translated[]) => new Map(own.map((one) => [instanceKey(one.instance), one] as const)),
);

const BEST_FIRST: readonly Presence["kind"][] = ["routed", "unhealthy", "refused", "hidden"];

/** The best standing among a service's instances, by service key; undefined if it has none. */
export function bestPresence(roll: Roll, service: string): Presence | undefined {
  const standings = (roll.get(service) ?? []).map(({ disposition }) => presenceOf(disposition));
  return standings.reduce<Presence | undefined>((best, candidate) => {
    if (best === undefined) return candidate;
    return BEST_FIRST.indexOf(candidate.kind) < BEST_FIRST.indexOf(best.kind) ? candidate : best;
  }, undefined);
}
