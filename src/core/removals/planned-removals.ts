import { catalogFinder } from "../catalog/catalog-finder.ts";
import { isBelieved, type ServiceInstance, type Slice } from "../catalog/snapshot.ts";
import { bestPresence, type Roll } from "../instances/instance-state.ts";
import type { Hold, Memory } from "../memory.ts";
import { withoutRouters } from "../operator-config/overlay.ts";
import type { CoreSettings } from "../settings.ts";
import type { DynamicConfig, ResourceKey } from "../traefik/chart/dynamic-config.ts";
import { judgeRemovals } from "./guard.ts";
import { isOfSettings } from "./release.ts";
import { type Departure, findDepartures, servedRouters } from "./removal.ts";
import { keepPublished } from "./retained.ts";
import { findReusedPorts, NOTHING_REUSED, type ReusedPorts } from "./reused-ports.ts";
import { judgeSettingsChange } from "./settings-change.ts";

export interface LeavingInput {
  /** All that is asked for and may be had. */
  readonly desired: DynamicConfig;
  /** Published routers of absent owners whose hosts others have got: nothing of them may stay. */
  readonly replaced: ReadonlySet<ResourceKey>;
  readonly previous: Memory;
  readonly roll: Roll;
  readonly slices: readonly Slice[];
  readonly settings: CoreSettings;
  readonly nowMs: number;
  /** All that is registered on the machines of held servers; undefined before it was read. */
  readonly neighbours: readonly ServiceInstance[] | undefined;
}

export interface Leaving extends ReusedPorts, Pick<Memory, "holds" | "leftAtMs" | "released"> {
  /** What is desired, together with what must not leave yet. */
  readonly config: DynamicConfig;
  /** Why routers leave, for people. */
  readonly reasons: ReadonlyMap<ResourceKey, string>;
}

/**
 * Decides what of the published chart leaves, and how: what nobody asks for any more answers 503 for the grace and goes,
 * unless it is held; what is held keeps its servers.
 */
export function judgeLeaving(input: LeavingInput): Leaving {
  const { desired, previous, roll, slices, settings, nowMs, neighbours } = input;
  const published = previous.chart;
  if (published === undefined) return { ...NOBODY_LEAVES, config: desired };
  const fromCatalog = withoutRouters(published, previous.statics);
  const departures = findDepartures(desired, { ...previous, chart: fromCatalog }, (service) =>
    bestPresence(roll, service),
  ).filter(({ router }) => !input.replaced.has(router));
  const released = new Set(departures.map(({ router }) => router).filter((router) => previous.released.has(router)));
  const findCatalog = catalogFinder(slices);
  const catalogOf = (router: ResourceKey) => findCatalog(previous.owners.get(router)?.service);
  const holds = judgeHolds(input, fromCatalog, departures, released, catalogOf);

  const held = new Set(holds.flatMap(({ routers }) => routers));
  const isBelievedAbout = (router: ResourceKey) => {
    if (released.has(router)) return true;
    const catalog = catalogOf(router);
    return catalog === undefined ? slices.every(isBelieved) : isBelieved(catalog);
  };
  const leftAtMs = new Map<ResourceKey, number>();
  const reasons = new Map<ResourceKey, string>();
  for (const { router, why, keepsGrace, leftAtMs: sinceMs = nowMs } of departures) {
    if (held.has(router)) continue;
    const isOver = isBelievedAbout(router) && nowMs >= sinceMs + settings.routes.zeroInstanceGraceMs;
    reasons.set(router, isOver ? "no instance came back in time" : why);
    if (keepsGrace && !isOver) leftAtMs.set(router, sinceMs);
  }
  const { reused, sharers } =
    held.size === 0 ? NOTHING_REUSED : findReusedPorts({ desired, published, previous, roll, neighbours });
  return {
    config: keepPublished(desired, published, { held, emptied: leftAtMs.keys(), reused }),
    holds,
    leftAtMs,
    released: new Set([...released].filter((router) => leftAtMs.has(router))),
    reasons,
    reused,
    sharers,
  };
}

/** Before anything has been published. */
const NOBODY_LEAVES: Omit<Leaving, "config"> = {
  ...NOTHING_REUSED,
  holds: [],
  leftAtMs: new Map(),
  released: new Set(),
  reasons: new Map(),
};

/** What the settings take away is for a person to confirm; the rest for the guards of its catalog. */
function judgeHolds(
  { desired, previous, roll, slices, settings, nowMs }: LeavingInput,
  published: DynamicConfig,
  departures: readonly Departure[],
  released: ReadonlySet<ResourceKey>,
  catalogOf: (router: ResourceKey) => Slice | undefined,
): readonly Hold[] {
  const unmeant = judgeSettingsChange({
    ...{ desired, roll, slices, settings, nowMs },
    previous: { ...previous, chart: published },
  });
  const isUnmeant = new Set(unmeant?.routers);
  // What a person has let go is no instalment of a removal that nobody has looked at.
  const judged = departures.filter(({ router }) => !released.has(router) && !isUnmeant.has(router));
  const departing = judged.filter(({ leftAtMs }) => leftAtMs === undefined).map(({ router }) => router);
  const departed = judged
    .filter(({ leftAtMs }) => leftAtMs !== undefined && nowMs - leftAtMs < settings.guard.confirmAfterMs)
    .map(({ router }) => router);
  const catalogHolds = judgeRemovals({
    departing,
    departed,
    served: departing.length === 0 ? [] : servedRouters(published),
    catalogs: slices,
    catalogOf,
    holds: previous.holds.filter((hold) => !isOfSettings(hold)),
    settings: settings.guard,
    nowMs,
  });
  return unmeant === undefined ? catalogHolds : [unmeant, ...catalogHolds];
}
