import { type CatalogSnapshot, isHidden } from "../catalog/snapshot.ts";
import type { CoreSettings } from "../settings.ts";
import type { ResourceKey } from "../traefik/chart/dynamic-config.ts";
import type { Hold } from "./hold.ts";

/** By what a catalog is judged. */
export type CatalogCondition = Pick<
  CatalogSnapshot,
  "catalogName" | "freshness" | "confirmedAtMs" | "indexResetAtMs" | "blind"
>;

export interface GuardInput {
  /** Routers about to lose their last server with this pass. */
  readonly removed: readonly ResourceKey[];
  /** Routers that lost theirs within the last `confirmAfterMs` and have none again: the earlier instalments of one removal. */
  readonly removedLately: readonly ResourceKey[];
  /** Routers of the published chart that have servers. */
  readonly served: readonly ResourceKey[];
  readonly catalogs: readonly CatalogCondition[];
  /** The one that a router came from; undefined where that is not known. */
  catalogOf(router: ResourceKey): CatalogCondition | undefined;
  /** The service that a router belongs to, by its key; undefined where that is not known. */
  serviceOf(router: ResourceKey): string | undefined;
  readonly holds: readonly Hold[];
  readonly settings: CoreSettings["guard"];
  readonly nowMs: number;
}

/** The routers that go, those that have just gone, and how many are served: of one catalog, or of all. */
interface RemovedRouters {
  readonly removed: readonly ResourceKey[];
  readonly removedLately: readonly ResourceKey[];
  readonly served: number;
}

/**
 * Decides whose disappearance is held, and why: first what belongs to namespaces that are denied now, then, of what is left,
 * for each catalog by itself.
 */
export function judgeRemovals(input: GuardInput): readonly Hold[] {
  const hidden = input.catalogs.map((catalog) => hiddenRemovals(catalog, input)).filter((hold) => hold !== undefined);
  if (hidden.length === 0) return judgeShown(input);
  const routers = new Set(hidden.flatMap((hold) => hold.routers));
  const isShown = (router: ResourceKey) => !routers.has(router);
  return [
    ...hidden,
    ...judgeShown({
      ...input,
      removed: input.removed.filter(isShown),
      removedLately: input.removedLately.filter(isShown),
    }),
  ];
}

/** What a catalog takes away of namespaces that it shows no more, since its token may not read them any more. */
function hiddenRemovals(
  catalog: CatalogCondition,
  { removed, catalogOf, serviceOf, holds, nowMs }: GuardInput,
): Hold | undefined {
  const { blind, catalogName } = catalog;
  if (catalog.freshness !== "live" || blind?.namespaces === undefined) return undefined;
  const routers = removed.filter((router) => catalogOf(router) === catalog && isHidden(catalog, serviceOf(router)));
  if (routers.length === 0) return undefined;
  const known = holds.find((one) => one.catalogName === catalogName && one.kind === "blind");
  const name = catalogName === undefined ? {} : { catalogName };
  const kept = partly(known === undefined ? [] : [known]);
  return { kind: "blind", reason: blind.reason, ...name, ...kept, routers, sinceMs: known?.sinceMs ?? nowMs };
}

/**
 * Decides whose disappearance is held, for each catalog by itself: the bad minute of one costs no other its news.
 * Additions and moves never are held. Routers whose catalog is not known count as those of a catalog that is doubted, if
 * any is: it may have had them.
 */
function judgeShown(input: GuardInput): readonly Hold[] {
  const { removed, removedLately, served, catalogs, catalogOf } = input;
  if (removed.length === 0) return [];
  const isDoubted = (catalog: CatalogCondition) => doubtAbout(catalog, input) !== undefined;
  const fallback = catalogs.find(isDoubted) ?? catalogs[0];
  const ownerOf = (router: ResourceKey) => catalogOf(router) ?? fallback;
  const ofCatalog = (catalog: CatalogCondition): RemovedRouters => ({
    removed: removed.filter((router) => ownerOf(router) === catalog),
    removedLately: removedLately.filter((router) => ownerOf(router) === catalog),
    served: served.filter((router) => ownerOf(router) === catalog).length,
  });
  const believed = catalogs.filter((catalog) => !isDoubted(catalog)).map(ofCatalog);
  const all: RemovedRouters = {
    removed: believed.flatMap((one) => one.removed),
    removedLately: believed.flatMap((one) => one.removedLately),
    served: served.length,
  };
  return catalogs
    .map((catalog) => judgeRemoval(catalog, ofCatalog(catalog), all, input))
    .filter((hold) => hold !== undefined);
}

/**
 * Decides whether what a catalog takes away is held. Its bad minute looks like this; the first line that holds counts:
 *
 * | what is seen | held until |
 * |---|---|
 * | its snapshot is a stored one, or there is none: it has not answered yet | it has answered completely |
 * | it no longer shows all it has (a token without rights, no leader), in any namespace | it does again; what is missing then, as for many that go |
 * | its index fell back (restarted, restored, replaced) | `resetHoldMs` after that; what registers again is free at once |
 * | of its routers, or of all, more than `removalCount` and more than `removalShare` leave, or the last one | `confirmAfterMs` are over and a consistent read says the same then: one at the beginning would only repeat the lie |
 *
 * What left within the last `confirmAfterMs` is counted with what leaves now: nodes that die together are missed one by
 * one, each too few to be held. Only the routers of the answer are held; without one, all may go.
 */
function judgeRemoval(
  catalog: CatalogCondition,
  own: RemovedRouters,
  all: RemovedRouters,
  { holds, settings, nowMs }: GuardInput,
): Hold | undefined {
  const { removed } = own;
  if (removed.length === 0) return undefined;
  const name = catalog.catalogName === undefined ? {} : { catalogName: catalog.catalogName };
  const earlier = holds.filter((one) => one.catalogName === catalog.catalogName);
  const doubt = doubtAbout(catalog, { settings, nowMs });
  if (doubt !== undefined) {
    return { ...doubt, ...name, ...partly(earlier), routers: removed, sinceMs: sinceOf(earlier, doubt.kind, nowMs) };
  }

  // What is held stays held until the hold ends, also when others have come back and the rest is no mass any more:
  // a catalog that recovers does so service by service. So does one that was blind: it shows its list before what is in it.
  const outlasts = ({ kind, isPartlyReleased }: Hold) =>
    kind === "mass-removal" || kind === "blind" || (kind === "source-away" && isPartlyReleased === true);
  const known = new Set(earlier.filter(outlasts).flatMap(({ routers }) => routers));
  const stillHeld = removed.filter((router) => known.has(router));
  const routers = isMass(own, settings) || isMass(all, settings) ? removed : stillHeld;
  if (routers.length === 0) return undefined;
  const sinceMs = stillHeld.length === 0 ? nowMs : sinceOf(earlier, "mass-removal", nowMs);
  const endsAtMs = sinceMs + settings.confirmAfterMs;
  if (catalog.confirmedAtMs !== undefined && catalog.confirmedAtMs >= endsAtMs) return undefined;
  return { kind: "mass-removal", ...name, ...partly(earlier), routers, sinceMs, endsAtMs };
}

/** An operator who has let some routers go has looked at the others, whatever the reason is for which they are held. */
function partly(earlier: readonly Hold[]): Pick<Hold, "isPartlyReleased"> {
  return earlier.some((hold) => hold.isPartlyReleased === true) ? { isPartlyReleased: true } : {};
}

/** Why nothing that a catalog takes away is believed, if there is a reason. */
function doubtAbout(
  { freshness, blind, indexResetAtMs }: CatalogCondition,
  { settings, nowMs }: Pick<GuardInput, "settings" | "nowMs">,
): Pick<Hold, "kind" | "reason" | "endsAtMs"> | undefined {
  if (freshness !== "live") return { kind: "source-away" };
  if (blind !== undefined && blind.namespaces === undefined) return { kind: "blind", reason: blind.reason };
  const endsAtMs = (indexResetAtMs ?? Number.NEGATIVE_INFINITY) + settings.resetHoldMs;
  return nowMs < endsAtMs ? { kind: "catalog-reset", endsAtMs } : undefined;
}

function isMass({ removed, removedLately, served }: RemovedRouters, settings: CoreSettings["guard"]): boolean {
  const count = removedLately.length + removed.length;
  const isMany = count > settings.removalCount && count > settings.removalShare * (removedLately.length + served);
  return removed.length >= served || isMany;
}

function sinceOf(holds: readonly Hold[], kind: Hold["kind"], nowMs: number): number {
  return holds.find((hold) => hold.kind === kind)?.sinceMs ?? nowMs;
}
