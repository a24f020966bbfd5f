import { namespaceOf, type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import type { CoreSettings } from "../settings.ts";
import type { Translated } from "./instance-state.ts";
import { waitingBehind } from "./waiting.ts";

/**
 * Keeps those instances from traffic whose turn it is not: those with the tag `portolan.standby=true` while an active one of
 * their service is routed, and, with `equalNames: failover`, those of a catalog while an earlier one in the list of the
 * settings has a routed instance. An active instance of a later catalog comes before one on standby of an earlier one.
 *
 * | the best routed instance of the service | one on standby | one of a later catalog |
 * |---|---|---|
 * | an active one | waits | waits where that one's catalog is earlier |
 * | one on standby, so that no active one is routed | is routed | waits where that one's catalog is earlier |
 * | a canary | is routed, since the canary is on trial, unless it is a canary itself | the same |
 *
 * Judged after unhealthy instances are let in (`backends.failOpen`): where all have failed, it is the active ones that serve.
 *
 * @param translated all instances of one service, or of all services
 */
export function putOnStandby(translated: readonly Translated[], settings: CoreSettings): readonly Translated[] {
  const inOrder = settings.equalNames === "failover" ? settings.catalogOrder : [];
  if (inOrder.length === 0 && !translated.some(isOnStandby)) return translated;
  const keyOf = settings.equalNames === "prefix" ? serviceKey : keyInAnyCatalog;
  const best = new Map<string, Turn>();
  for (const one of translated) {
    const turn = turnOf(one, inOrder);
    if (turn === undefined) continue;
    const key = keyOf(one.instance);
    for (const group of turn.isCanary ? [`${key} canary`] : [key, `${key} canary`]) {
      const known = best.get(group);
      if (known === undefined || turn.place < known.place) best.set(group, turn);
    }
  }
  return translated.map((one) => {
    const turn = turnOf(one, inOrder);
    const key = keyOf(one.instance);
    const first = turn && best.get(turn.isCanary ? `${key} canary` : key);
    if (turn === undefined || first === undefined || first.place >= turn.place) return one;
    const isCatalogsTurn = first.isStandby === turn.isStandby;
    return waitingBehind(one, isCatalogsTurn ? { kind: "catalog", name: first.catalogName ?? "" } : { kind: "active" });
  });
}

/** One service in several catalogs, some of which may have no namespaces. */
function keyInAnyCatalog(instance: ServiceInstance): string {
  return `${namespaceOf(instance)}/${instance.service}`;
}

/** When a routed instance gets traffic: the lowest place of a service does. */
interface Turn {
  readonly place: number;
  readonly isStandby: boolean;
  readonly isCanary: boolean;
  readonly catalogName: string | undefined;
}

function turnOf({ instance: { catalogName }, state }: Translated, inOrder: readonly string[]): Turn | undefined {
  if (state.kind !== "routed") return undefined;
  const { isStandby = false, isCanary = false } = state;
  const place = (isStandby ? inOrder.length + 1 : 0) + Math.max(0, inOrder.indexOf(catalogName ?? ""));
  return { place, isStandby, isCanary, catalogName };
}

function isOnStandby({ state }: Translated): boolean {
  return state.kind === "routed" && state.isStandby === true;
}
