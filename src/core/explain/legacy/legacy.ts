import { instancesOf } from "../../catalog/by-catalog-name.ts";
import { healthOf, isServed } from "../../catalog/health.ts";
import { labelOf } from "../../catalog/instance-label.ts";
import { type ServiceInstance, serviceKey } from "../../catalog/snapshot.ts";
import type { OperatorConfig } from "../../operator-config/operator-config.ts";
import { withoutNames } from "../../operator-config/overlay.ts";
import { reconcile } from "../../reconcile.ts";
import type { CoreSettings } from "../../settings.ts";
import { type RegisteredAt, registeredAtPlaces } from "../../static-entries/registered-places.ts";
import { type StaticPlace, staticPlacesOf } from "../../static-entries/static-places.ts";
import { kindOf, protocolOf, type ResourceKey, routerLabel, splitKey } from "../../traefik/chart/dynamic-config.ts";
import { mayBeExposed } from "../../traefik/decode/exposure.ts";
import { maskRule } from "../../traefik/rule/mask-rule.ts";
import { withoutCredentials } from "../../traefik/url-credentials.ts";
import type { Decided } from "../decided.ts";
import { GUARDED_LESS } from "./guards.ts";
import { routersLeadingTo } from "./leads-to.ts";
import type {
  LegacyAddress,
  LegacyAnswer,
  LegacyEntry,
  LegacyRegistration,
  LegacyRouter,
  LegacyState,
} from "./legacy-answer.ts";
import { nextSteps } from "./next-steps.ts";
import { whatFollows } from "./successors.ts";
import { usesOf } from "./uses.ts";

/**
 * What is left to migrate: each service and middleware of the operator's files that points at fixed addresses, who is registered
 * there, who asks for what it serves, and the next step. What would follow its deletion is not guessed: the pass is played again
 * without the static entries, as it would be after their deletion, and nothing of that is published.
 *
 * @param beside the other charts: all share the operator's files, so that what one of them uses stays
 */
export function explainLegacy(
  decided: Decided,
  beside: readonly (readonly [chart: string, Decided])[] = [],
): LegacyAnswer {
  const { operatorConfig, staticHostRegistrations = [] } = decided.decision.memory.changes;
  const places = Map.groupBy(staticPlacesOf(operatorConfig), ({ key }) => key);
  if (places.size === 0)
    return { says: "no static entries: what the snippets route to, the catalog keeps up to date", entries: [] };
  const instances = [...instancesOf(decided.snapshots), ...staticHostRegistrations];
  const registered = registeredAtPlaces([...places.values()].flat(), instances, decided.settings);
  const keys = new Set(places.keys());
  const leading = routersLeadingTo(keys, operatorConfig.config);
  const using = usesOf(keys, operatorConfig, decided);
  const usingBeside = beside.map(([chart, one]) => [chart, usesOf(keys, operatorConfig, one)] as const);
  const without = decidedWithout(operatorConfig, places.keys(), leading, decided);
  const entries = [...places].map(([key, own]) => {
    const routers = (leading.get(key) ?? []).map((router) => legacyRouter(router, operatorConfig, without));
    const usedBy = [
      ...(using.get(key) ?? []),
      ...usingBeside.flatMap(([chart, uses]) => (uses.get(key) ?? []).map((one) => `${one} in the chart ${chart}`)),
    ];
    return entryOf(key, own, { routers, usedBy, registered, operatorConfig, instances, leading }, decided);
  });
  return { says: summaryOf(entries), entries };
}

interface Found {
  readonly routers: readonly LegacyRouter[];
  readonly usedBy: readonly string[];
  readonly registered: RegisteredAt;
  readonly operatorConfig: OperatorConfig;
  readonly instances: readonly ServiceInstance[];
  readonly leading: ReadonlyMap<ResourceKey, readonly ResourceKey[]>;
}

function entryOf(key: ResourceKey, places: readonly StaticPlace[], found: Found, decided: Decided): LegacyEntry {
  const { routers, usedBy, operatorConfig, leading } = found;
  const { name } = splitKey(key);
  const addresses = places.map((place) => addressOf(place, found.registered(place), decided.settings));
  const before = {
    ...{ name, key, file: operatorConfig.origins.get(key) ?? "" },
    ...{ state: stateOf(key, addresses, routers, usedBy), addresses, routers, usedBy },
  };
  const parts = { places, routerKeys: leading.get(key) ?? [], operatorConfig, instances: found.instances };
  return { ...before, next: nextSteps(before, parts, decided) };
}

function addressOf(
  { text }: StaticPlace,
  registered: readonly ServiceInstance[],
  settings: CoreSettings,
): LegacyAddress {
  return { address: withoutCredentials(text), registered: registered.map((one) => registrationOf(one, settings)) };
}

function registrationOf(instance: ServiceInstance, { traefik }: CoreSettings): LegacyRegistration {
  const health = healthOf(instance);
  return {
    service: serviceKey(instance),
    ...labelOf(instance),
    health: health.status,
    isHealthy: isServed(health, traefik.strictChecks),
    asksForRoutes: mayBeExposed(instance.catalog, instance.tags, traefik.prefix, traefik.exposedByDefault),
  };
}

/**
 * A middleware is never done by another one of its name: whatever asks it would go on without. It is done where nothing uses it,
 * and leaves the list once it names a service in place of an address.
 */
function stateOf(
  key: ResourceKey,
  addresses: readonly LegacyAddress[],
  routers: readonly LegacyRouter[],
  usedBy: readonly string[],
): LegacyState {
  const isIdle = routers.length === 0 && usedBy.length === 0;
  const isService = kindOf(splitKey(key).section) === "services";
  const isTakenOver =
    isService &&
    usedBy.length === 0 &&
    routers.every(
      ({ successors, refused }) => successors.length > 0 && !refused.some(({ reason }) => reason.code === GUARDED_LESS),
    );
  if (isIdle || isTakenOver) return "done";
  const isAskedFor = isService && routers.some(({ successors, refused }) => successors.length + refused.length > 0);
  return isAskedFor || addresses.some(({ registered }) => registered.length > 0) ? "half" : "not-begun";
}

function legacyRouter(key: ResourceKey, { config }: OperatorConfig, without: Decided): LegacyRouter {
  const { section, name } = splitKey(key);
  const router = config[section].get(name) ?? {};
  return {
    name: routerLabel(key),
    protocol: protocolOf(section),
    rule: maskRule(String(router["rule"] ?? "")),
    ...whatFollows(key, router, config, without),
  };
}

/** What the pass would have decided without the static services and the routers that lead to them. Middlewares stay: others use them. */
function decidedWithout(
  operatorConfig: OperatorConfig,
  keys: Iterable<ResourceKey>,
  leading: ReadonlyMap<ResourceKey, readonly ResourceKey[]>,
  decided: Decided,
): Decided {
  const services = [...keys].filter((key) => kindOf(splitKey(key).section) === "services");
  const gone = new Set([...services, ...services.flatMap((key) => leading.get(key) ?? [])]);
  const { memory } = decided.decision;
  const left: OperatorConfig = {
    ...operatorConfig,
    config: withoutNames(operatorConfig.config, gone),
    origins: new Map([...operatorConfig.origins].filter(([key]) => !gone.has(key))),
  };
  const decision = reconcile({
    ...{ snapshots: decided.snapshots, previous: memory, settings: decided.settings, nowMs: decided.nowMs },
    ...{ operatorConfig: left, neighbours: memory.changes.neighbours },
  });
  return { ...decided, decision };
}

const STATE_WORDS: Readonly<Record<LegacyState, readonly [string, string]>> = {
  done: ["can be deleted", "can be deleted"],
  half: ["is half moved", "are half moved"],
  "not-begun": ["has not begun", "have not begun"],
};

function summaryOf(entries: readonly LegacyEntry[]): string {
  const parts = (Object.keys(STATE_WORDS) as LegacyState[]).flatMap((state) => {
    const count = entries.filter((one) => one.state === state).length;
    return count === 0 ? [] : [`${count} ${STATE_WORDS[state][count === 1 ? 0 : 1]}`];
  });
  return `${entries.length} static ${entries.length === 1 ? "entry" : "entries"}: ${parts.join(", ")}`;
}
