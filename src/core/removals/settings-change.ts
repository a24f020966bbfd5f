import { addressAndTagsKey } from "../catalog/address-key.ts";
import { catalogFinder } from "../catalog/catalog-finder.ts";
import { type CatalogSnapshot, instanceKey } from "../catalog/snapshot.ts";
import type { CoreSettings } from "../settings.ts";
import type { Pass } from "../stage.ts";
import type { ResourceKey } from "../traefik/chart/dynamic-config.ts";
import type { Hold } from "./hold.ts";
import { isMadeByOthers } from "./provenance.ts";
import { unaskedRouters } from "./removal.ts";
import type { RemovalsInput, RemovalsMemory } from "./removals-memory.ts";

/**
 * Holds what other settings than before would take away, until an operator says that this is meant: published routers whose
 * registration is as it was, and those of a catalog that is read from somewhere else now, or no longer. The hold ends by
 * hand, by `--confirm` at the start, or with settings that keep the routers.
 */
export function judgeSettingsChange(pass: Pass, input: RemovalsInput, memory: RemovalsMemory): Hold | undefined {
  const { chart } = input.last;
  const { provenance } = memory;
  if (chart === undefined) return undefined;
  const hold = memory.holds.find(({ kind }) => kind === "settings-change");
  const known = new Set(hold?.routers);
  const isOther = isMadeByOthers(provenance, pass.settings);
  const isElsewhere = fromElsewhere(pass, input, memory);
  if (known.size === 0 && !isOther && isElsewhere === undefined) return undefined;
  const routers: ResourceKey[] = [];
  for (const { key } of unaskedRouters(input.desired, chart)) {
    if (memory.released.has(key) || memory.leftAtMs.has(key)) continue;
    const isTakenAway = (isOther && isUnchanged(key, input)) || isElsewhere?.(key) === true;
    if (known.has(key) || isTakenAway) routers.push(key);
  }
  return routers.length === 0 ? undefined : { kind: "settings-change", routers, sinceMs: hold?.sinceMs ?? pass.nowMs };
}

/** Says whether a published router was made by other settings than these, or is held since it was. */
export function isOfSettingsBefore(
  { provenance, holds }: Pick<RemovalsMemory, "provenance" | "holds">,
  settings: CoreSettings,
): (router: ResourceKey) => boolean {
  if (isMadeByOthers(provenance, settings)) return () => true;
  const held = new Set(holds.find(({ kind }) => kind === "settings-change")?.routers);
  return (router) => held.has(router);
}

/** Is an instance of its owner registered as in the last pass, and not merely unhealthy? */
function isUnchanged(router: ResourceKey, { last, services }: RemovalsInput): boolean {
  const owner = last.owners.get(router)?.service;
  if (owner === undefined) return false;
  const before = new Map(last.services.get(owner)?.map(({ instance }) => [instanceKey(instance), instance]));
  return (services.get(owner) ?? []).some(({ instance, state }) => {
    if (state.kind === "unhealthy" || state.kind === "standby") return false;
    if (last.isFirst) return true;
    const was = before.get(instanceKey(instance));
    return was !== undefined && addressAndTagsKey(was) === addressAndTagsKey(instance);
  });
}

/** Is a router missing because its catalog is read from somewhere else, or no longer? Undefined where all are as before. */
function fromElsewhere({ snapshots }: Pass, { last, services }: RemovalsInput, { provenance }: RemovalsMemory) {
  const before = provenance?.sources ?? new Map<string, string>();
  const isMoved = ({ catalogName = "", source, freshness }: CatalogSnapshot) =>
    freshness === "live" && before.has(catalogName) && before.get(catalogName) !== source;
  const charted = new Set(snapshots.map(({ catalogName = "" }) => catalogName));
  const isAnyLeftOut =
    snapshots.some(({ freshness }) => freshness === "live") && [...before.keys()].some((one) => !charted.has(one));
  if (!isAnyLeftOut && !snapshots.some(isMoved)) return undefined;
  const findCatalog = catalogFinder(snapshots);
  return (router: ResourceKey): boolean => {
    const owner = last.owners.get(router)?.service;
    if (owner !== undefined && (services.get(owner)?.length ?? 0) > 0) return false;
    const catalog = findCatalog(owner);
    return catalog === undefined ? isAnyLeftOut : isMoved(catalog);
  };
}
