import { catalogFinder } from "../catalog/catalog-finder.ts";
import { type CatalogSnapshot, isBelieved, serviceKey } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import type { Steps } from "../incremental/steps.ts";
import { bestState } from "../instances/instance-state.ts";
import { aboutFile } from "../operator-config/assemble.ts";
import { withoutRouters } from "../operator-config/overlay.ts";
import type { Pass, StageResult } from "../stage.ts";
import { type DynamicConfig, type ResourceKey, routersOf, splitKey } from "../traefik/chart/dynamic-config.ts";
import { judgeRemovals } from "./guard.ts";
import { type Hold, rulesOf } from "./hold.ts";
import { provenanceNow } from "./provenance.ts";
import { recentlyDeregisteredNow } from "./recently-deregistered.ts";
import { findRemovals, type Removal, type RemovalReason, servedRouters } from "./removal.ts";
import { NO_REMOVALS, type RemovalsInput, type RemovalsMemory } from "./removals-memory.ts";
import { retainPublished } from "./retained.ts";
import { findReusedPorts, NOTHING_REUSED, type ReusedServers } from "./reused-ports.ts";
import { judgeSettingsChange } from "./settings-change.ts";
import { isKeptBy, type SleepersNow, sleepersNow } from "./sleepers.ts";
import { definedPage } from "./sleeping-page.ts";
import { findStopped } from "./stopped-owners.ts";

/** Why a router goes, or answers 503. */
export type PlannedReason =
  | RemovalReason
  | { readonly kind: "grace-over" }
  /** An operator has ended that it is kept. */
  | { readonly kind: "ended-by-hand" }
  /** It stays, since its service asked for it, or the settings do; the operator's page answers, where there is one. */
  | { readonly kind: "asleep"; readonly because: RemovalReason; readonly page?: string };

export interface PlannedRemovals {
  /** What is desired, together with what must not go yet. */
  readonly config: DynamicConfig;
  readonly reasons: ReadonlyMap<ResourceKey, PlannedReason>;
  readonly reused: ReusedServers;
  /** The routers that are to lead to the operator's page. */
  readonly paged: ReadonlySet<ResourceKey>;
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
  const { plan, asleep, ...after } = planned(pass, input, memory);
  return {
    value: plan,
    carry: {
      ...after,
      sleepers: asleep.sleepers,
      paged: plan.paged,
      recentlyDeregistered: recentlyDeregisteredNow(memory.recentlyDeregistered, last.instances, instances, nowMs),
      heldHostRegistrations,
      provenance: provenanceNow(memory.provenance, snapshots, settings),
    },
    diagnostics: [...asleep.diagnostics, ...unknownPage(pass)],
    dueAtMs: [
      ...asleep.dueAtMs,
      ...after.holds.map(({ endsAtMs }) => endsAtMs).filter((timeMs) => timeMs !== undefined),
      ...[...after.leftAtMs.values()].map((sinceMs) => sinceMs + settings.routes.zeroInstanceGraceMs),
    ],
  };
}

interface Planned extends Pick<RemovalsMemory, "holds" | "leftAtMs" | "released" | "heldPorts" | "servedBy"> {
  readonly plan: PlannedRemovals;
  readonly asleep: SleepersNow;
}

function planned(pass: Pass, input: RemovalsInput, memory: RemovalsMemory): Planned {
  const { snapshots, settings, nowMs, heldHostRegistrations } = pass;
  const { desired, services, uncounted, last } = input;
  const published = last.chart;
  if (published === undefined) {
    const { holds, leftAtMs, released, heldPorts, servedBy } = NO_REMOVALS;
    const plan = { config: desired, reasons: new Map(), reused: new Map(), paged: NONE };
    const asleep = sleepersNow(services, memory.sleepers, { hasLeft: () => true, routersOf: () => 0, nowMs });
    return { plan, asleep, holds, leftAtMs, released, heldPorts, servedBy };
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
    ...{ snapshots, services, before: last.services, servedBy: memory.servedBy },
  });
  const holds = judgeHolds(pass, { ...input, last: { ...last, chart: fromCatalog } }, memory, {
    removals: removals.filter((removal) => !stopped.has(ownerOf(removal) ?? "")),
    ...{ released, catalogOf },
  });

  const heldOwners = new Set(holds.flatMap(({ routers }) => routers).map((router) => last.owners.get(router)?.service));
  const sleepers = sleepersNow(services, memory.sleepers, {
    // What is only not shown, or not believed to have gone, has not left.
    hasLeft: (service) => {
      const catalog = findCatalog(service);
      return !heldOwners.has(service) && (catalog === undefined || isBelieved(catalog, service));
    },
    routersOf: publishedRoutersOf(last),
    nowMs,
  });
  const isKept = isKeptBy(sleepers.sleepers, settings);
  const page = definedPage(pass);
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
  const asleep = new Set<ResourceKey>();
  for (const { router, why, keepsGrace, leftAtMs: sinceMs = nowMs } of removals) {
    if (held.has(router)) continue;
    const isAsleep = keepsGrace && !released.has(router) && isKept(last.owners.get(router)?.service);
    const isOver = !isAsleep && isBelievedAbout(router) && nowMs >= sinceMs + settings.routes.zeroInstanceGraceMs;
    // Where there is no grace, none is over.
    if (isOver && memory.endedByHand?.has(router) === true) reasons.set(router, { kind: "ended-by-hand" });
    else reasons.set(router, isOver && sinceMs < nowMs ? { kind: "grace-over" } : why);
    if (!keepsGrace || isOver || !mayOutlive(router, "emptied")) continue;
    leftAtMs.set(router, sinceMs);
    if (isAsleep) asleep.add(router);
  }
  const { reused, heldPorts } =
    held.size === 0
      ? NOTHING_REUSED
      : findReusedPorts({ desired, published, last, memory, services, uncounted, heldHostRegistrations });
  const config = retainPublished(desired, published, { held, emptied: leftAtMs.keys(), reused });
  const paged =
    page === undefined ? NONE : new Set([...asleep].filter((router) => mayLeadToPage(router, config, published)));
  for (const { router, why } of removals) {
    if (asleep.has(router)) {
      reasons.set(router, { kind: "asleep", because: why, ...(page !== undefined && paged.has(router) && { page }) });
    }
  }
  return {
    plan: { config, reasons, reused, paged },
    asleep: sleepers,
    holds,
    leftAtMs,
    released: new Set([...released].filter((router) => leftAtMs.has(router))),
    heldPorts,
    servedBy,
  };
}

const NONE: ReadonlySet<ResourceKey> = new Set();

/** How many routers of the published chart a service has, by its key; counted when the first is asked for. */
function publishedRoutersOf({ chart, owners }: RemovalsInput["last"]): (service: string) => number {
  let counts: Map<string, number> | undefined;
  return (service) => {
    if (counts === undefined) {
      counts = new Map();
      for (const { key } of chart === undefined ? [] : routersOf(chart)) {
        const owner = owners.get(key)?.service;
        if (owner !== undefined) counts.set(owner, (counts.get(owner) ?? 0) + 1);
      }
    }
    return counts.get(service) ?? 0;
  };
}

/** Only a router of HTTP, and none that had to be closed since a middleware of its own service asks another server. */
function mayLeadToPage(router: ResourceKey, config: DynamicConfig, published: DynamicConfig): boolean {
  const { section, name } = splitKey(router);
  if (section !== "http/routers") return false;
  const hadMiddlewares = published[section].get(name)?.["middlewares"] !== undefined;
  return !hadMiddlewares || config[section].get(name)?.["middlewares"] !== undefined;
}

/** The settings name a page that is not defined: the routers of services that sleep answer 503. */
function unknownPage(pass: Pass): readonly Diagnostic[] {
  const page = pass.settings.routes.sleeping;
  if (page === undefined || definedPage(pass) !== undefined) return [];
  return [
    aboutFile("the settings (routes.sleeping)", {
      code: "REFERENCE_UNKNOWN",
      message: `the service ${JSON.stringify(page)} is defined in no snippet, so that routers of services that sleep answer 503`,
      remedy: `define it in a snippet, or write ${JSON.stringify(`${page}@file`)} for one in a file beside the chart`,
    }),
  ];
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
