import { catalogNameIn } from "../catalog/snapshot.ts";
import type { PlannedReason } from "../removals/planned-removals.ts";
import { successorIn } from "../removals/removal.ts";
import { canonicalJson } from "../traefik/chart/canonical-json.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  type ResourceKey,
  resourceKey,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { shapeOf } from "../traefik/chart/servers.ts";
import type { Explanation } from "./explanation.ts";
import { whyLeftOut } from "./left-out-routers.ts";
import type { RouteReason } from "./route-change.ts";
import { reasonOfAbsence, type ServerReason } from "./server-change.ts";
import { serviceTagsChanged } from "./tags-changed.ts";
import { beside, middlewaresOf } from "./touched-routers.ts";
import { absenceIn } from "./whereabouts.ts";

/** What a router's change is explained by. */
export interface RouterContext {
  readonly before: Explanation;
  readonly after: Explanation;
  readonly chart: DynamicConfig;
  /** Published routers of absent owners → the router that has taken their place. */
  readonly replaced: ReadonlyMap<ResourceKey, ResourceKey>;
}

/** Why a router came. @param server why its first server came, where it has one */
export function whyCame(key: ResourceKey, server: ServerReason | undefined, context: RouterContext): RouteReason {
  const { before, after } = context;
  const origin = after.operatorNames.get(key);
  if (origin !== undefined) return { kind: "operator-defined", origin };
  if (server !== undefined) return server;
  const owner = after.owners.get(key)?.service;
  const code = whyLeftOut(before, key, owner);
  const tags = serviceTagsChanged(before, after, owner);
  if (tags !== undefined) return tags;
  if (code !== undefined) return { kind: "settled", code };
  return whyServiceCame(owner, context) ?? settingsOrRedefined(context);
}

/** Why instances of a service, by its key, count; undefined where some did in the last pass. */
function whyServiceCame(service: string | undefined, { before, after }: RouterContext): RouteReason | undefined {
  const known = before.services.get(service ?? "") ?? [];
  const isAway = known.length > 0 && known.every(({ state }) => state.kind === "unhealthy" || state.kind === "standby");
  if (known.length > 0) return isAway ? { kind: "healthy" } : undefined;
  const was = absenceIn(before.snapshots, catalogOf(service), after.snapshots);
  return { kind: was.kind === "absent" ? "registered" : "found" };
}

/**
 * Why a router went.
 *
 * @param planned why no instance asks for it, where that was decided
 * @param server why its first server went, where it had one
 */
export function whyWent(
  key: ResourceKey,
  router: ConfigObject,
  { planned, server }: { readonly planned: PlannedReason | undefined; readonly server: ServerReason | undefined },
  context: RouterContext,
): RouteReason {
  const { before, after, chart, replaced } = context;
  const origin = before.operatorNames.get(key);
  if (after.operatorNames.has(key)) return { kind: "reference-gone" };
  if (origin !== undefined) return { kind: "operator-withdrew", origin };
  const owner = before.owners.get(key)?.service;
  if (planned !== undefined) return asSeen(planned, owner, context);
  const code = whyLeftOut(after, key, owner);
  if (code !== undefined) return { kind: "left-out", code };
  const { section } = splitKey(key);
  const successor = replaced.get(key) ?? successorIn(chart, section, router);
  if (successor !== undefined) return { kind: "replaced", by: splitKey(successor).name };
  const tags = serviceTagsChanged(before, after, owner);
  if (tags?.kind === "tags-changed") return tags;
  if (isOtherSettings(context)) return { kind: "settings-changed" };
  const own = server?.kind === "redefined" ? undefined : server;
  return own ?? tags ?? { kind: isAskedFor(key, owner, after) ? "left-out" : "not-asked-for" };
}

function isAskedFor(key: ResourceKey, owner: string | undefined, { services }: Explanation): boolean {
  const { section, name } = splitKey(key);
  return (services.get(owner ?? "") ?? []).some(
    ({ state }) => state.kind === "routed" && state.fragment.config[section].has(name),
  );
}

/** Where the catalog hides something, no instance of an owner counts as deregistered. */
export function asSeen(planned: PlannedReason, owner: string | undefined, context: RouterContext): RouteReason {
  if (planned.kind !== "deregistered") return planned;
  const { before, after } = context;
  return reasonOfAbsence(absenceIn(after.snapshots, catalogOf(owner), before.snapshots));
}

/**
 * Why a router, its service's options or a middleware that it names are other ones.
 *
 * @param server why its first server came, where one did: the first instance of a service brings its definition
 */
export function whyChanged(
  key: ResourceKey,
  [old, chartBefore]: readonly [ConfigObject, DynamicConfig],
  now: ConfigObject,
  server: ServerReason | undefined,
  context: RouterContext,
): RouteReason {
  const { before, after, chart } = context;
  const origin = after.operatorNames.get(key);
  if (origin !== undefined) {
    return { kind: before.operatorNames.has(key) ? "operator-changed" : "operator-defined", origin };
  }
  const owner = after.owners.get(key)?.service;
  const ownerBefore = before.owners.get(key)?.service;
  if (owner !== undefined && ownerBefore !== undefined && owner !== ownerBefore) {
    return { kind: "new-owner", service: owner };
  }
  const tags = serviceTagsChanged(before, after, owner);
  if (tags?.kind === "tags-changed") return tags;
  const foreign = linkedTo(key, now).find(
    (name) =>
      linkedTo(key, old).includes(name) &&
      meaningOf(name, chartBefore) !== meaningOf(name, chart) &&
      (after.operatorNames.has(name) || after.owners.get(name)?.service !== owner),
  );
  if (foreign !== undefined) {
    const changedIn = after.operatorNames.get(foreign);
    return changedIn === undefined
      ? { kind: "reference-changed", name: foreign }
      : { kind: "operator-changed", origin: changedIn };
  }
  if (tags !== undefined) return tags;
  const came = whyServiceCame(owner, context);
  if (came !== undefined || isOtherSettings(context)) return came ?? { kind: "settings-changed" };
  return server ?? { kind: "redefined" };
}

/** What a router names: its service, then its middlewares. UDP has no middlewares. */
export function linkedTo(key: ResourceKey, router: ConfigObject): readonly ResourceKey[] {
  const { section } = splitKey(key);
  const service = resourceKey(beside(section, "services"), String(router["service"] ?? ""));
  if (section === "udp/routers") return [service];
  const middlewares = beside(section, "middlewares");
  return [service, ...middlewaresOf(router).map((name) => resourceKey(middlewares, name))];
}

/** What a service or a middleware means, as text; of a service without its servers. Empty where it is not defined. */
export function meaningOf(key: ResourceKey, config: DynamicConfig): string {
  const { section, name } = splitKey(key);
  const object = config[section].get(name);
  if (object === undefined) return "";
  return section.endsWith("/services") ? canonicalJson(shapeOf(object)) : canonicalJson(object);
}

function settingsOrRedefined(context: RouterContext): RouteReason {
  return { kind: isOtherSettings(context) ? "settings-changed" : "redefined" };
}

function isOtherSettings({ before, after }: RouterContext): boolean {
  return before.settings !== undefined && before.settings !== after.settings;
}

/** By its key, a service and the name of its catalog, where it has one. */
function catalogOf(service: string | undefined) {
  return { service, catalogName: catalogNameIn(service ?? "") };
}
