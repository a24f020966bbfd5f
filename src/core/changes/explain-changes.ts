import { instanceKey, type ServiceInstance } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import type { Steps } from "../incremental/steps.ts";
import { translatedAt } from "../instances/instance-state.ts";
import type { PlannedReason } from "../removals/planned-removals.ts";
import type { ReusedServers } from "../removals/reused-ports.ts";
import { type Pass, type StageResult, stageResult } from "../stage.ts";
import { canaryPercentOf, canaryShareOf } from "../traefik/chart/canary-share.ts";
import { canonicalJson } from "../traefik/chart/canonical-json.ts";
import {
  type ConfigObject,
  configObject,
  type DynamicConfig,
  protocolOf,
  type ResourceKey,
  resourceKey,
  routersOf,
  type Section,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { endpointOf, serversOf } from "../traefik/chart/servers.ts";
import type { Explanation } from "./explanation.ts";
import { leftOutRouters } from "./left-out-routers.ts";
import type { RouteChange, RouteReason } from "./route-change.ts";
import { asSeen, linkedTo, meaningOf, type RouterContext, whyCame, whyChanged, whyWent } from "./route-reason.ts";
import { type InstancesBehind, type ServerChange, serverAdded, serverRemoved } from "./server-change.ts";
import { beside, touchedRouters } from "./touched-routers.ts";

export interface ChangesInput {
  readonly chartBefore: DynamicConfig | undefined;
  readonly chart: DynamicConfig;
  /** What was taken out of the last chart for a file beside it that defines its name, or one that it refers to → that file. */
  readonly left: ReadonlyMap<ResourceKey, string>;
  /** What the new chart comes from. */
  readonly from: Pick<Explanation, "owners" | "origin" | "services" | "operatorNames" | "uncounted">;
  /** What the stages before have reported: it says which routers they left out. */
  readonly diagnostics: readonly Diagnostic[];
  /** Why published routers go, or answer 503. */
  readonly reasons: ReadonlyMap<ResourceKey, PlannedReason>;
  /** Published routers of absent owners → the router that has taken their place. */
  readonly replaced: ReadonlyMap<ResourceKey, ResourceKey>;
  readonly reused: ReusedServers;
}

/**
 * The stage that compares the new chart with the last one, router by router, and says why they differ. A router counts as
 * changed when its own fields, a middleware it names or its service's options differ; changes of servers are reported
 * apart from that. One router a step.
 */
export function* explainChanges(
  { snapshots, settings, operatorConfig, neighbours, staticHostRegistrations }: Pass,
  input: ChangesInput,
  before: Explanation,
): Steps<StageResult<readonly RouteChange[], Explanation>> {
  const { chartBefore, chart, from, diagnostics } = input;
  const leftOut = leftOutRouters(diagnostics);
  const by = { snapshots, settings, operatorConfig, neighbours, staticHostRegistrations };
  const after = { ...from, ...by, leftOut, fallen: stillFallen(before.fallen, from) };
  const touched =
    chartBefore === undefined ? [...routersOf(chart)].map(({ key }) => key) : touchedRouters(chartBefore, chart);
  const fallen = new Map(after.fallen);
  const changes: RouteChange[] = [];
  for (const key of [...touched].sort()) {
    const change = changeOf(key, input, { before, after, chart, replaced: input.replaced }, fallen);
    if (change !== undefined) changes.push(change);
    yield;
  }
  return stageResult(changes, { ...after, fallen: fallen.size === 0 ? NONE_FALLEN : fallen });
}

const NONE_FALLEN: Explanation["fallen"] = new Map();

/** Those that are in the catalog and have not come back. */
function stillFallen(fallen: Explanation["fallen"], { services }: Pick<Explanation, "services">): typeof fallen {
  if (fallen.size === 0) return fallen;
  return new Map([...fallen].filter(([, instance]) => translatedAt(services, instance)?.state.kind === "unhealthy"));
}

/** @param fallen gets the instances that lose their servers because they are unhealthy now */
function changeOf(
  key: ResourceKey,
  { chartBefore, chart, left, reasons, reused }: ChangesInput,
  context: RouterContext,
  fallen: Map<string, ServiceInstance>,
): RouteChange | undefined {
  const { before, after } = context;
  const { section, name: router } = splitKey(key);
  const old = chartBefore?.[section].get(router);
  const now = chart[section].get(router);
  const service = serviceKeyOf(section, now ?? old);
  const oldService = serviceKeyOf(section, old);
  const oldServers = new Set(chartBefore === undefined ? [] : endpointsOf(chartBefore, oldService));
  const newServers = new Set(now === undefined ? [] : endpointsOf(chart, service));
  const behindBefore = instancesBehind(oldServers, oldService, before);
  const behindAfter = instancesBehind(newServers, service, after);
  const serverContext = {
    ...{ before, after, router: key, behindBefore, behindAfter },
    reused: reused.get(oldService),
  };
  const share = shareIn(chart, service);
  const canaries = share === undefined ? NO_CANARIES : new Set(canariesIn(chart, service));
  const serversAdded = [...newServers]
    .filter((url) => !oldServers.has(url))
    .map((url) => ({
      ...serverAdded(url, after.origin(service, url), serverContext),
      ...(share !== undefined && canaries.has(url) && { canaryPercent: share }),
    }));
  const serversRemoved: ServerChange[] = [];
  for (const url of oldServers) {
    if (newServers.has(url)) continue;
    const instance = before.origin(oldService, url);
    const removed = serverRemoved(url, instance, serverContext);
    if (instance !== undefined && removed.why.kind === "unhealthy") fallen.set(instanceKey(instance), instance);
    serversRemoved.push(removed);
  }
  const shown = now ?? old;
  const owner = (after.owners.get(key) ?? before.owners.get(key))?.service;
  const facts = {
    router,
    protocol: protocolOf(section),
    rule: String(shown?.["rule"] ?? ""),
    entryPoints: entryPointsOf(shown),
    service: owner,
    servers: newServers.size,
    serversAdded,
    serversRemoved,
  };
  const planned = reasons.get(key);
  const cameWith = serversAdded[0]?.why;
  const wentWith = serversRemoved[0]?.why;
  if (old === undefined) return { kind: "added", ...facts, why: whyCame(key, cameWith, context) };
  const neighbour = left.get(key);
  if (now === undefined && neighbour !== undefined) {
    return { kind: "removed", ...facts, why: { kind: "defined-beside", origin: neighbour } };
  }
  if (now === undefined) {
    const why = whyWent(key, old, { planned, server: wentWith }, context);
    return { kind: "removed", ...facts, serversRemoved: serversRemoved.map((server) => goneWith(why, server)), why };
  }
  if (newServers.size === 0 && wentWith !== undefined) {
    const why: RouteReason =
      planned === undefined ? wentWith : asSeen(planned, before.owners.get(key)?.service, context);
    return { kind: "emptied", ...facts, why };
  }
  if (oldServers.size === 0 && cameWith !== undefined) return { kind: "restored", ...facts, why: cameWith };
  if (chartBefore !== undefined && textOf(key, old, chartBefore) !== textOf(key, now, chart)) {
    return { kind: "changed", ...facts, why: whyChanged(key, [old, chartBefore], now, cameWith, context) };
  }
  const why = cameWith ?? wentWith;
  if (why === undefined && chartBefore !== undefined && share !== shareIn(chartBefore, oldService)) {
    return { kind: "changed", ...facts, why: whyChanged(key, [old, chartBefore], now, undefined, context) };
  }
  return why === undefined ? undefined : { kind: "servers", ...facts, why };
}

/** A server that went with its router, and for nothing of its own. */
function goneWith(why: RouteReason, server: ServerChange): ServerChange {
  const isOfRouter = why.kind === "left-out" || why.kind === "replaced" || why.kind === "not-asked-for";
  return isOfRouter && server.why.kind === "redefined" ? { ...server, why } : server;
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

/** The share of the canaries of a service, in percent; undefined where it has none beside others. */
function shareIn(config: DynamicConfig, service: ResourceKey): number | undefined {
  const { section, name } = splitKey(service);
  const object = config[section].get(name);
  return object && canaryShareOf(object);
}

function canariesIn(config: DynamicConfig, service: ResourceKey): readonly string[] {
  const { section, name } = splitKey(service);
  const servers = serversOf(config[section].get(name) ?? configObject());
  return servers.filter((one) => canaryPercentOf(one) !== undefined).map(endpointOf);
}

const NO_CANARIES: ReadonlySet<string> = new Set();

function entryPointsOf(router: ConfigObject | undefined): readonly string[] {
  const named = router?.["entryPoints"];
  return Array.isArray(named) ? named.map(String) : [];
}

/** A router with its middlewares and its service's options, as text. */
function textOf(key: ResourceKey, router: ConfigObject, config: DynamicConfig): string {
  return canonicalJson([router, ...linkedTo(key, router).map((name) => meaningOf(name, config))]);
}

function instancesBehind(servers: Iterable<string>, service: ResourceKey, { origin }: Explanation): InstancesBehind {
  const behind = new Map<string, ServiceInstance>();
  for (const url of servers) {
    const instance = origin(service, url);
    if (instance !== undefined) behind.set(instanceKey(instance), instance);
  }
  return behind;
}
