import { instanceKey } from "../catalog/snapshot.ts";
import type { Steps } from "../incremental/steps.ts";
import type { PlannedReason } from "../removals/planned-removals.ts";
import { type Pass, type StageResult, stageResult } from "../stage.ts";
import { canonicalJson } from "../traefik/chart/canonical-json.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  protocolOf,
  type ResourceKey,
  resourceKey,
  routersOf,
  type Section,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { endpointOf, serversOf, shapeOf } from "../traefik/chart/servers.ts";
import type { Explanation } from "./explanation.ts";
import type { RouteChange, RouteReason } from "./route-change.ts";
import { type InstanceKeys, serverAdded, serverRemoved } from "./server-change.ts";
import { changedTagKeysOf } from "./tags-changed.ts";
import { beside, middlewaresOf, touchedRouters } from "./touched-routers.ts";

export interface ChangesInput {
  readonly chartBefore: DynamicConfig | undefined;
  readonly chart: DynamicConfig;
  /** What the new chart comes from. */
  readonly explanation: Explanation;
  /** Why published routers go, or answer 503. */
  readonly reasons: ReadonlyMap<ResourceKey, PlannedReason>;
  /** Server of a held service, by its URL or address → the service that has its port now. */
  readonly reused: ReadonlyMap<string, string>;
}

/**
 * The stage that compares the new chart with the last one, router by router, and says why they differ. A router counts as
 * changed when its own fields, a middleware it names or its service's options differ; changes of servers are reported
 * apart from that. One router a step.
 */
export function* explainChanges(
  _: Pass,
  input: ChangesInput,
  before: Explanation,
): Steps<StageResult<readonly RouteChange[], Explanation>> {
  const { chartBefore, chart, explanation } = input;
  const touched =
    chartBefore === undefined ? [...routersOf(chart)].map(({ key }) => key) : touchedRouters(chartBefore, chart);
  const changes: RouteChange[] = [];
  for (const key of [...touched].sort()) {
    const change = changeOf(key, input, before);
    if (change !== undefined) changes.push(change);
    yield;
  }
  return stageResult(changes, explanation);
}

function changeOf(key: ResourceKey, input: ChangesInput, before: Explanation): RouteChange | undefined {
  const { chartBefore, chart, explanation: after, reasons, reused } = input;
  const { section, name: router } = splitKey(key);
  const old = chartBefore?.[section].get(router);
  const now = chart[section].get(router);
  const service = serviceKeyOf(section, now ?? old);
  const oldService = serviceKeyOf(section, old);
  const oldServers = new Set(chartBefore === undefined ? [] : endpointsOf(chartBefore, oldService));
  const newServers = new Set(now === undefined ? [] : endpointsOf(chart, service));
  const behindBefore = instancesBehind(oldServers, oldService, before);
  const behindAfter = instancesBehind(newServers, service, after);
  const serversAdded = [...newServers]
    .filter((url) => !oldServers.has(url))
    .map((url) => serverAdded(url, after.origin(service, url), { before, after }, behindBefore));
  const serversRemoved = [...oldServers]
    .filter((url) => !newServers.has(url))
    .map((url) => serverRemoved(url, before.origin(oldService, url), after, reused, behindAfter));
  const owner = (after.owners.get(key) ?? before.owners.get(key))?.service;
  const facts = {
    router,
    protocol: protocolOf(section),
    rule: String((now ?? old)?.["rule"] ?? ""),
    service: owner,
    servers: newServers.size,
    serversAdded,
    serversRemoved,
  };
  const because = reasons.get(key);
  const operator = after.operatorNames.get(key);
  const cameWith = serversAdded[0]?.why;
  const wentWith = serversRemoved[0]?.why;
  if (old === undefined) {
    const why: RouteReason =
      operator === undefined ? (cameWith ?? { kind: "registered" }) : { kind: "operator-defined", origin: operator };
    return { kind: "added", ...facts, why };
  }
  if (now === undefined) return { kind: "removed", ...facts, why: because ?? whyRemoved(key, before, after) };
  if (oldServers.size > 0 && newServers.size === 0) {
    return { kind: "emptied", ...facts, why: because ?? wentWith ?? { kind: "no-healthy-instance" } };
  }
  if (oldServers.size === 0 && newServers.size > 0) {
    return { kind: "restored", ...facts, why: cameWith ?? { kind: "registered" } };
  }
  if (meaningOf(section, old, chartBefore ?? chart) !== meaningOf(section, now, chart)) {
    const why: RouteReason =
      operator === undefined
        ? { kind: "tags-changed", keys: changedTagKeysOf(before, after, owner) }
        : { kind: "operator-changed", origin: operator };
    return { kind: "changed", ...facts, why };
  }
  const why = cameWith ?? wentWith;
  return why === undefined ? undefined : { kind: "servers", ...facts, why };
}

function whyRemoved(key: ResourceKey, before: Explanation, after: Explanation): RouteReason {
  if (after.operatorNames.has(key)) return { kind: "reference-gone" };
  const origin = before.operatorNames.get(key);
  return origin === undefined ? { kind: "replaced" } : { kind: "operator-withdrew", origin };
}

/** `SECTION/NAME` of the service that a router names; the section of its own protocol. */
function serviceKeyOf(section: Section, router: ConfigObject | undefined): ResourceKey {
  return resourceKey(beside(section, "services"), String(router?.["service"] ?? ""));
}

function endpointsOf(config: DynamicConfig, service: ResourceKey): readonly string[] {
  const { section, name } = splitKey(service);
  const object = config[section].get(name);
  return object === undefined ? [] : serversOf(object).map(endpointOf);
}

/** A router with its middlewares and its service's options, as text. */
function meaningOf(section: Section, router: ConfigObject, config: DynamicConfig): string {
  const [service, ...middlewares] = linkedTo(section, router, config);
  return canonicalJson([
    router,
    ...middlewares.map((middleware) => middleware ?? ""),
    service === undefined ? "" : shapeOf(service),
  ]);
}

/** The service that a router names, then its middlewares. UDP has no middlewares. */
function linkedTo(
  section: Section,
  router: ConfigObject,
  config: DynamicConfig,
): readonly (ConfigObject | undefined)[] {
  const service = config[beside(section, "services")].get(String(router["service"]));
  if (section === "udp/routers") return [service];
  return [service, ...middlewaresOf(router).map((name) => config[beside(section, "middlewares")].get(name))];
}

function instancesBehind(servers: Iterable<string>, service: ResourceKey, { origin }: Explanation): InstanceKeys {
  return new Set(
    Array.from(servers, (url) => {
      const instance = origin(service, url);
      return instance && instanceKey(instance);
    }),
  );
}
