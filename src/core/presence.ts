import { serviceKey } from "./snapshot.ts";
import type { Disposition, Translated } from "./translate/instance.ts";

/** How an instance, or the best instance of a service, stands at the moment; with the reason where there is one. */
export interface Presence {
  readonly kind: Disposition["kind"];
  readonly why: string;
}

/** Says in a few words how an instance stands. */
export function presenceOf(disposition: Disposition): Presence {
  switch (disposition.kind) {
    case "routed":
      return { kind: "routed", why: "healthy" };
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

const BEST_FIRST: readonly Presence["kind"][] = ["routed", "unhealthy", "refused", "hidden"];

/** The best standing among a service's instances, by service key. A service that is missing has no instance at all. */
export function servicePresence(translated: readonly Translated[]): ReadonlyMap<string, Presence> {
  const best = new Map<string, Presence>();
  for (const { instance, disposition } of translated) {
    const key = serviceKey(instance);
    const known = best.get(key);
    const candidate = presenceOf(disposition);
    if (known === undefined || BEST_FIRST.indexOf(candidate.kind) < BEST_FIRST.indexOf(known.kind)) {
      best.set(key, candidate);
    }
  }
  return best;
}
