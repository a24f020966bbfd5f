import { instanceKey, type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import { memoize } from "../incremental/memoize.ts";
import type { InstanceState, Translated } from "./instance.ts";

/** How an instance, or the best instance of a service, stands at the moment; and what made it so if it stood otherwise before. */
export interface StateSummary {
  readonly kind: InstanceState["kind"];
  readonly why: string;
}

/** Says in a few words how an instance stands. */
function summaryOf(state: InstanceState): StateSummary {
  switch (state.kind) {
    case "routed":
      return {
        kind: "routed",
        why: state.despite === undefined ? "healthy again" : "no instance of its service is healthy",
      };
    case "hidden":
      return { kind: "hidden", why: "no longer exposed" };
    case "unhealthy": {
      const { status, because } = state.health;
      const check = because === undefined ? "" : ` (check ${JSON.stringify(because.name || because.id)})`;
      return { kind: "unhealthy", why: `${status === "" ? "unknown health" : status}${check}` };
    }
    case "refused":
      return { kind: "refused", why: `quarantined: ${state.diagnostics[0]?.code ?? "refused"}` };
  }
}

/** Everybody who is in the catalog, by service key. */
export type TranslatedServices = ReadonlyMap<string, readonly Translated[]>;

export function groupByService(translated: readonly Translated[]): TranslatedServices {
  const services = new Map<string, Translated[]>();
  for (const one of translated) {
    const key = serviceKey(one.instance);
    const own = services.get(key);
    if (own === undefined) services.set(key, [one]);
    else own.push(one);
  }
  return services;
}

/** How an instance stands, found by its key; undefined if it is not in the catalog. */
export function stateAt(services: TranslatedServices, instance: ServiceInstance): StateSummary | undefined {
  const key = instanceKey(instance);
  const own = services.get(serviceKey(instance)) ?? [];
  const found = own.length > FEW ? byKey(own).get(key) : own.find((one) => instanceKey(one.instance) === key);
  return found && summaryOf(found.state);
}

/** Among so few nobody needs an index; among fifty thousand, each looked for, it took minutes without. */
const FEW = 32;

const byKey = memoize(
  (own: readonly Translated[]) => new Map(own.map((one) => [instanceKey(one.instance), one] as const)),
);

const BEST_FIRST: readonly StateSummary["kind"][] = ["routed", "unhealthy", "refused", "hidden"];

/** The best standing among a service's instances, by service key; undefined if it has none. */
export function bestState(services: TranslatedServices, service: string): StateSummary | undefined {
  const standings = (services.get(service) ?? []).map(({ state }) => summaryOf(state));
  return standings.reduce<StateSummary | undefined>((best, candidate) => {
    if (best === undefined) return candidate;
    return BEST_FIRST.indexOf(candidate.kind) < BEST_FIRST.indexOf(best.kind) ? candidate : best;
  }, undefined);
}
