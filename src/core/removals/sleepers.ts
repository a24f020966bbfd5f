import { compileGlob } from "../catalog/glob.ts";
import { catalogNameIn, DEFAULT_NAMESPACE, type ServiceInstance } from "../catalog/snapshot.ts";
import { DIAGNOSTIC_CODES, type Diagnostic } from "../diagnostics/diagnostics.ts";
import { foundIn } from "../incremental/found-in.ts";
import { memoize } from "../incremental/memoize.ts";
import type { Translated, TranslatedServices } from "../instances/instance-state.ts";
import type { Owner } from "../merge/owner.ts";
import type { CoreSettings } from "../settings.ts";
import type { ResourceKey } from "../traefik/chart/dynamic-config.ts";
import { decodeOwnTags } from "../translate/own-tags.ts";

/** A service whose instances ask that its routers outlast them: `portolan.keep=true`. */
export interface Sleeper {
  /** Since when it has asked, without a registration of it that did not. */
  readonly sinceMs: number;
  /** A node that it runs on, or ran on last. */
  readonly node: string;
  /** Since when it has had no instance in the catalog. */
  readonly leftAtMs?: number;
}

/** By the service's key. Survives a restart. */
export type Sleepers = ReadonlyMap<string, Sleeper>;

/** So long the routers of a service outlast its last instance by its own tag. */
export const MOST_ASLEEP_MS = 7 * 24 * 3_600_000;
/** So many routers of services that left a node are kept by their own tags, and so many of one catalog. */
export const MOST_ASLEEP = { ofNode: 100, ofCatalog: 1_000 };

export interface SleepersNow {
  readonly sleepers: Sleepers;
  /** When one of them has had its time. */
  readonly dueAtMs: readonly number[];
  /** Those that do not fit into the bounds are told; they have the grace that every service has. */
  readonly diagnostics: readonly Diagnostic[];
}

interface Circumstances {
  readonly hasLeft: (service: string) => boolean;
  readonly routersOf: (service: string) => number;
  readonly nowMs: number;
}

/**
 * The services that ask to be kept. One that is registered is kept as long as it asks; once it has left, for a time and
 * within bounds: the right to register a service for a second must not be enough to fill the chart. Of those that left a node,
 * or a catalog, those come first that have asked for longer before they left; one that has to give way is not taken up again.
 *
 * @param circumstances `hasLeft`: whether a service that is not registered is believed to have left; `routersOf`: how many
 *   published routers a service has; both by its key
 */
export function sleepersNow(
  services: TranslatedServices,
  before: Sleepers,
  { hasLeft, routersOf, nowMs }: Circumstances,
): SleepersNow {
  const sleepers = new Map<string, Sleeper>();
  for (const [service, node] of keepingNodesIn(services)) {
    const known = before.get(service);
    const isSame = known?.node === node && known.leftAtMs === undefined;
    sleepers.set(service, isSame ? known : { sinceMs: known?.sinceMs ?? nowMs, node });
  }
  const left: (readonly [string, Sleeper & { readonly leftAtMs: number }])[] = [];
  for (const [service, one] of before) {
    if (services.has(service)) continue;
    if (!hasLeft(service)) {
      sleepers.set(service, one);
      continue;
    }
    const leftAtMs = one.leftAtMs ?? nowMs;
    if (nowMs >= leftAtMs + MOST_ASLEEP_MS || routersOf(service) === 0) continue;
    left.push([service, { ...one, leftAtMs }]);
  }
  const diagnostics: Diagnostic[] = [];
  const given = new Map<string, number>();
  for (const [service, one] of left.sort(longestFirst)) {
    const count = routersOf(service);
    const budgets = [
      [`node ${one.node}`, MOST_ASLEEP.ofNode],
      [`catalog ${catalogNameIn(service) ?? ""}`, MOST_ASLEEP.ofCatalog],
    ] as const;
    const isFull = budgets.some(([of, most]) => (given.get(of) ?? 0) + count > most);
    if (isFull) {
      diagnostics.push(notKept(service, one));
      continue;
    }
    for (const [of] of budgets) given.set(of, (given.get(of) ?? 0) + count);
    sleepers.set(service, before.get(service)?.leftAtMs === one.leftAtMs ? (before.get(service) ?? one) : one);
  }
  // Their names and hosts are free with the next pass.
  const isAnyOver = [...before.keys()].some((service) => !services.has(service) && !sleepers.has(service));
  const isSame = sleepers.size === before.size && [...sleepers].every(([service, one]) => before.get(service) === one);
  return {
    sleepers: isSame ? before : sleepers,
    dueAtMs: [
      ...[...sleepers.values()].flatMap(({ leftAtMs }) => (leftAtMs === undefined ? [] : [leftAtMs + MOST_ASLEEP_MS])),
      ...(isAnyOver ? [nowMs + 1] : []),
    ],
    diagnostics,
  };
}

function longestFirst(
  [a, one]: readonly [string, Sleeper & { readonly leftAtMs: number }],
  [b, other]: readonly [string, Sleeper & { readonly leftAtMs: number }],
): number {
  return other.leftAtMs - other.sinceMs - (one.leftAtMs - one.sinceMs) || (a < b ? -1 : 1);
}

/** Says whether the routers of a service, by its key, outlast its instances: by its tags, or by the settings, without an end. */
export type IsKept = (service: string | undefined) => boolean;

export function isKeptBy(sleepers: Sleepers, { routes }: Pick<CoreSettings, "routes">): IsKept {
  const bySettings = keptBySettings(routes);
  return (service) => service !== undefined && (sleepers.has(service) || bySettings(service));
}

const keptBySettings = memoize(({ keep }: CoreSettings["routes"]) => {
  const patterns = keep.map(compileGlob);
  return (service: string): boolean => patterns.length > 0 && patterns.some((matches) => matches(nameIn(service)));
});

/** How the settings name a service: with its namespace, unless that is the default one. */
function nameIn(service: string): string {
  const catalog = catalogNameIn(service);
  const local = catalog === undefined ? service : service.slice(catalog.length + 1);
  return local.startsWith(`${DEFAULT_NAMESPACE}/`) ? local.slice(DEFAULT_NAMESPACE.length + 1) : local;
}

/** The routers that have lost their last instance and are kept, of those that have none. */
export function keptRouters(
  emptied: Iterable<ResourceKey>,
  owners: ReadonlyMap<ResourceKey, Owner>,
  isKept: IsKept,
): readonly ResourceKey[] {
  return [...emptied].filter((router) => isKept(owners.get(router)?.service));
}

/** What a stage remembers after an operator has ended what services keep by their tags: the routers go with the next pass. */
export function withoutSleepers<
  Memory extends {
    readonly sleepers: Sleepers;
    readonly released: ReadonlySet<ResourceKey>;
    readonly leftAtMs: ReadonlyMap<ResourceKey, number>;
  },
>(
  memory: Memory,
  owners: ReadonlyMap<ResourceKey, Owner>,
): Memory & { readonly endedByHand: ReadonlySet<ResourceKey> } {
  const ended = keptRouters(memory.leftAtMs.keys(), owners, (service) => memory.sleepers.has(service ?? ""));
  const awake = [...memory.sleepers].filter(([, { leftAtMs }]) => leftAtMs === undefined);
  const released = new Set([...memory.released, ...ended]);
  return { ...memory, sleepers: new Map(awake), released, endedByHand: new Set(ended) };
}

/** By service: a node of the instances that ask to be kept, the first by name. */
const keepingNodesIn = foundIn((own: readonly Translated[], _: string): string | undefined => {
  let node: string | undefined;
  for (const { instance, state } of own) {
    if (state.kind === "hidden" || !asksToBeKept(instance)) continue;
    if (node === undefined || instance.node < node) node = instance.node;
  }
  return node;
});

function asksToBeKept({ tags, catalog }: ServiceInstance): boolean {
  const decoded = decodeOwnTags(tags, catalog);
  return decoded.kind === "decoded" && decoded.tags.keep === true;
}

function notKept(service: string, { node }: Sleeper): Diagnostic {
  const catalog = catalogNameIn(service);
  return {
    code: "BUDGET_EXCEEDED",
    severity: DIAGNOSTIC_CODES.BUDGET_EXCEEDED.severity,
    subject: { ...(catalog === undefined ? {} : { catalog }), service, instance: "", node },
    message: `the routers of this service go after the usual grace although it asked to be kept (portolan.keep): of services that left one node the routers are kept up to ${MOST_ASLEEP.ofNode}, of one catalog up to ${MOST_ASLEEP.ofCatalog}, and others had asked for longer`,
    remedy: `name the service in the settings: routes: { keep: [${JSON.stringify(nameIn(service))}] }`,
  };
}
