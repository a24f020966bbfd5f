import { catalogFinder } from "../catalog/catalog-finder.ts";
import { type CatalogSnapshot, isBelieved, serviceKey } from "../catalog/snapshot.ts";
import type { Steps } from "../incremental/steps.ts";
import { bestState } from "../instances/instance-state.ts";
import { withoutRouters } from "../operator-config/overlay.ts";
import type { Pass, StageResult } from "../stage.ts";
import type { DynamicConfig, ResourceKey } from "../traefik/chart/dynamic-config.ts";
import { judgeRemovals } from "./guard.ts";
import { type Hold, rulesOf } from "./hold.ts";
import { provenanceNow } from "./provenance.ts";
import { recentlyDeregisteredNow } from "./recently-deregistered.ts";
import { findRemovals, type Removal, type RemovalReason, servedRouters } from "./removal.ts";
import { NO_REMOVALS, type RemovalsInput, type RemovalsMemory } from "./removals-memory.ts";
import { retainPublished } from "./retained.ts";
import { findReusedPorts, NOTHING_REUSED, type ReusedServers } from "./reused-ports.ts";
import { judgeSettingsChange } from "./settings-change.ts";
import { findStopped } from "./stopped-owners.ts";

/** Why a router goes, or answers 503. */
export type PlannedReason = RemovalReason | { readonly kind: "grace-over" };

export interface PlannedRemovals {
  /** What is desired, together with what must not go yet. */
  readonly config: DynamicConfig;
  readonly reasons: ReadonlyMap<ResourceKey, PlannedReason>;
  readonly reused: ReusedServers;
}

/**
 * The stage that decides what of the published chart goes, and how: what no instance asks for any more answers 503 for the
 * grace and goes, unless it is held; what is held keeps its servers.
 */
export function* planRemovals(
  pass: Pass,
  input: RemovalsInput,
  memory: RemovalsMemory,
): Steps<StageResult<PlannedRemovals, RemovalsMemory>> {
  const { snapshots, settings, nowMs, heldHostRegistrations } = pass;
  const { instances, last } = input;
  const { plan, ...after } = planned(pass, input, memory);
  return {
    value: plan,
    carry: {
      ...after,
      recentlyDeregistered: recentlyDeregisteredNow(memory.recentlyDeregistered, last.instances, instances, nowMs),
      heldHostRegistrations,
      provenance: provenanceNow(memory.provenance, snapshots, settings),
    },
    diagnostics: [],
    dueAtMs: [
      ...after.holds.map(({ endsAtMs }) => endsAtMs).filter((timeMs) => timeMs !== undefined),
      ...[...after.leftAtMs.values()].map((sinceMs) => sinceMs + settings.routes.zeroInstanceGraceMs),
    ],
  };
}

interface Planned extends Pick<RemovalsMemory, "holds" | "leftAtMs" | "released" | "heldPorts" | "servedBy"> {
  readonly plan: PlannedRemovals;
}

function planned(pass: Pass, input: RemovalsInput, memory: RemovalsMemory): Planned {
  const { snapshots, settings, nowMs, heldHostRegistrations } = pass;
  const { desired, services, last } = input;
  const published = last.chart;
  if (published === undefined) {
    const { holds, leftAtMs, released, heldPorts, servedBy } = NO_REMOVALS;
    const plan = { config: desired, reasons: new Map(), reused: new Map() };
    return { plan, holds, leftAtMs, released, heldPorts, servedBy };
  }
  const fromCatalog = withoutRouters(published, last.operatorNames);
  const removals = findRemovals(desired, { chart: fromCatalog, owners: last.owners }, memory.leftAtMs, (service) =>
    bestState(services, service),
  ).filter(({ router }) => !input.replaced.has(router));
  const released = new Set(removals.map(({ router }) => router).filter((router) => memory.released.has(router)));
  const findCatalog = catalogFinder(snapshots);
  const catalogOf = (router: ResourceKey) => findCatalog(last.owners.get(router)?.service);
  const ownerOf = ({ router }: Removal) => last.owners.get(router)?.service;
  const owners = new Set(removals.map(ownerOf).filter((owner) => owner !== undefined));
  const { stopped, servedBy } = findStopped(owners, {
    ...{ snapshots, instances: input.instances, before: last.services, servedBy: memory.servedBy },
  });
  const holds = judgeHolds(pass, { ...input, last: { ...last, chart: fromCatalog } }, memory, {
    removals: removals.filter((removal) => !stopped.has(ownerOf(removal) ?? "")),
    ...{ released, catalogOf },
  });

  const { mayOutlive } = input;
  const held = new Set(holds.flatMap(({ routers }) => routers).filter((router) => mayOutlive(router, "held")));
  const isBelievedAbout = (router: ResourceKey) => {
    if (released.has(router)) return true;
    const catalog = catalogOf(router);
    if (catalog === undefined) return snapshots.every((one) => isBelieved(one));
    return isBelieved(catalog, last.owners.get(router)?.service);
  };
  const leftAtMs = new Map<ResourceKey, number>();
  const reasons = new Map<ResourceKey, PlannedReason>();
  for (const { router, why, keepsGrace, leftAtMs: sinceMs = nowMs } of removals) {
    if (held.has(router)) continue;
    const isOver = isBelievedAbout(router) && nowMs >= sinceMs + settings.routes.zeroInstanceGraceMs;
    // Where there is no grace, none is over.
    reasons.set(router, isOver && sinceMs < nowMs ? { kind: "grace-over" } : why);
    if (keepsGrace && !isOver && mayOutlive(router, "emptied")) leftAtMs.set(router, sinceMs);
  }
  const { reused, heldPorts } =
    held.size === 0
      ? NOTHING_REUSED
      : findReusedPorts({ desired, published, last, memory, services, heldHostRegistrations });
  return {
    plan: { config: retainPublished(desired, published, { held, emptied: leftAtMs.keys(), reused }), reasons, reused },
    holds,
    leftAtMs,
    released: new Set([...released].filter((router) => leftAtMs.has(router))),
    heldPorts,
    servedBy,
  };
}

/** What the settings take away is for an operator to confirm; the rest is judged by the guards of its catalog. */
function judgeHolds(
  pass: Pass,
  input: RemovalsInput & { readonly last: { readonly chart: DynamicConfig } },
  memory: RemovalsMemory,
  {
    removals,
    released,
    catalogOf,
  }: {
    readonly removals: readonly Removal[];
    readonly released: ReadonlySet<ResourceKey>;
    readonly catalogOf: (router: ResourceKey) => CatalogSnapshot | undefined;
  },
): readonly Hold[] {
  const { snapshots, settings, nowMs } = pass;
  const ofSettings = judgeSettingsChange(pass, input, memory);
  const isOfSettings = new Set(ofSettings?.routers);
  // What an operator has let go is no instalment of a removal that no operator has looked at.
  const waiting = new Set(input.uncounted.map(serviceKey));
  // A service that waits has not left its catalog, whether or not it has a server meanwhile.
  const isWaiting = (router: ResourceKey) => waiting.has(input.last.owners.get(router)?.service ?? "");
  const judged = removals.filter(
    ({ router }) => !released.has(router) && !isOfSettings.has(router) && !isWaiting(router),
  );
  const removed = judged.filter(({ leftAtMs }) => leftAtMs === undefined).map(({ router }) => router);
  const removedLately = judged
    .filter(({ leftAtMs }) => leftAtMs !== undefined && nowMs - leftAtMs < settings.guard.confirmAfterMs)
    .map(({ router }) => router);
  const catalogHolds = judgeRemovals({
    removed,
    removedLately,
    served: removed.length === 0 ? [] : servedRouters(input.last.chart),
    catalogs: snapshots,
    catalogOf,
    serviceOf: (router) => input.last.owners.get(router)?.service,
    holds: memory.holds.filter((hold) => !rulesOf(hold).isLasting),
    settings: settings.guard,
    nowMs,
  });
  return ofSettings === undefined ? catalogHolds : [ofSettings, ...catalogHolds];
}
