import { catalogFinder } from "../catalog/catalog-finder.ts";
import { type CatalogSnapshot, isBelieved, type ServiceInstance } from "../catalog/snapshot.ts";
import { bestState, type TranslatedServices } from "../instances/instance-state.ts";
import type { Memory } from "../memory.ts";
import { withoutRouters } from "../operator-config/overlay.ts";
import type { CoreSettings } from "../settings.ts";
import type { DynamicConfig, ResourceKey } from "../traefik/chart/dynamic-config.ts";
import { judgeRemovals } from "./guard.ts";
import type { Hold } from "./hold.ts";
import { isOfSettings } from "./release.ts";
import { findRemovals, type Removal, servedRouters } from "./removal.ts";
import { keepPublished } from "./retained.ts";
import { findReusedPorts, NOTHING_REUSED, type ReusedPorts } from "./reused-ports.ts";
import { judgeSettingsChange } from "./settings-change.ts";

export interface RemovalsInput {
  /** All that is asked for and may be had. */
  readonly desired: DynamicConfig;
  /** Published routers of absent owners whose hosts others have got: nothing of them may stay. */
  readonly replaced: ReadonlySet<ResourceKey>;
  readonly previous: Memory;
  readonly services: TranslatedServices;
  readonly snapshots: readonly CatalogSnapshot[];
  readonly settings: CoreSettings;
  readonly nowMs: number;
  /** All that is registered on the machines of held servers; undefined before it was read. */
  readonly heldHostRegistrations: readonly ServiceInstance[] | undefined;
}

export interface PlannedRemovals extends ReusedPorts, Pick<Memory, "holds" | "leftAtMs" | "released"> {
  /** What is desired, together with what must not leave yet. */
  readonly config: DynamicConfig;
  /** Why routers leave, for people. */
  readonly reasons: ReadonlyMap<ResourceKey, string>;
}

/**
 * Decides what of the published chart leaves, and how: what nobody asks for any more answers 503 for the grace and goes,
 * unless it is held; what is held keeps its servers.
 */
export function planRemovals(input: RemovalsInput): PlannedRemovals {
  const { desired, previous, services, snapshots, settings, nowMs, heldHostRegistrations } = input;
  const published = previous.chart;
  if (published === undefined) return { ...NO_REMOVALS, config: desired };
  const fromCatalog = withoutRouters(published, previous.operatorConfig);
  const removals = findRemovals(desired, { ...previous, chart: fromCatalog }, (service) =>
    bestState(services, service),
  ).filter(({ router }) => !input.replaced.has(router));
  const released = new Set(removals.map(({ router }) => router).filter((router) => previous.released.has(router)));
  const findCatalog = catalogFinder(snapshots);
  const catalogOf = (router: ResourceKey) => findCatalog(previous.owners.get(router)?.service);
  const holds = judgeHolds(input, fromCatalog, removals, released, catalogOf);

  const held = new Set(holds.flatMap(({ routers }) => routers));
  const isBelievedAbout = (router: ResourceKey) => {
    if (released.has(router)) return true;
    const catalog = catalogOf(router);
    return catalog === undefined ? snapshots.every(isBelieved) : isBelieved(catalog);
  };
  const leftAtMs = new Map<ResourceKey, number>();
  const reasons = new Map<ResourceKey, string>();
  for (const { router, why, keepsGrace, leftAtMs: sinceMs = nowMs } of removals) {
    if (held.has(router)) continue;
    const isOver = isBelievedAbout(router) && nowMs >= sinceMs + settings.routes.zeroInstanceGraceMs;
    reasons.set(router, isOver ? "no instance came back in time" : why);
    if (keepsGrace && !isOver) leftAtMs.set(router, sinceMs);
  }
  const { reused, portHolders } =
    held.size === 0
      ? NOTHING_REUSED
      : findReusedPorts({ desired, published, previous, services, heldHostRegistrations });
  return {
    config: keepPublished(desired, published, { held, emptied: leftAtMs.keys(), reused }),
    holds,
    leftAtMs,
    released: new Set([...released].filter((router) => leftAtMs.has(router))),
    reasons,
    reused,
    portHolders,
  };
}

/** Before anything has been published. */
const NO_REMOVALS: Omit<PlannedRemovals, "config"> = {
  ...NOTHING_REUSED,
  holds: [],
  leftAtMs: new Map(),
  released: new Set(),
  reasons: new Map(),
};

/** What the settings take away is for a person to confirm; the rest for the guards of its catalog. */
function judgeHolds(
  { desired, previous, services, snapshots, settings, nowMs }: RemovalsInput,
  published: DynamicConfig,
  removals: readonly Removal[],
  released: ReadonlySet<ResourceKey>,
  catalogOf: (router: ResourceKey) => CatalogSnapshot | undefined,
): readonly Hold[] {
  const unmeant = judgeSettingsChange({
    ...{ desired, services, snapshots, settings, nowMs },
    previous: { ...previous, chart: published },
  });
  const isUnmeant = new Set(unmeant?.routers);
  // What a person has let go is no instalment of a removal that nobody has looked at.
  const judged = removals.filter(({ router }) => !released.has(router) && !isUnmeant.has(router));
  const departing = judged.filter(({ leftAtMs }) => leftAtMs === undefined).map(({ router }) => router);
  const departed = judged
    .filter(({ leftAtMs }) => leftAtMs !== undefined && nowMs - leftAtMs < settings.guard.confirmAfterMs)
    .map(({ router }) => router);
  const catalogHolds = judgeRemovals({
    departing,
    departed,
    served: departing.length === 0 ? [] : servedRouters(published),
    catalogs: snapshots,
    catalogOf,
    holds: previous.holds.filter((hold) => !isOfSettings(hold)),
    settings: settings.guard,
    nowMs,
  });
  return unmeant === undefined ? catalogHolds : [unmeant, ...catalogHolds];
}
