import { catalogFinder } from "../catalog/catalog-finder.ts";
import { type CatalogSnapshot, isHidden } from "../catalog/snapshot.ts";
import type { Steps } from "../incremental/steps.ts";
import type { Owner } from "../merge/owner.ts";
import { nameKeptMs } from "../merge/ownership.ts";
import type { CoreSettings } from "../settings.ts";
import type { Pass, StageResult } from "../stage.ts";
import { type DynamicConfig, type ResourceKey, splitKey } from "../traefik/chart/dynamic-config.ts";

export interface KeptOwnersInput {
  /** Name → its owner after the merge. */
  readonly owners: ReadonlyMap<ResourceKey, Owner>;
  /** What will be published, apart from what is retained. */
  readonly desired: DynamicConfig;
}

type Owners = ReadonlyMap<ResourceKey, Owner>;

/**
 * The stage that decides which owners keep their names for now, although no instance of theirs asks for them.
 *
 * @param before name → its owner in the last pass
 */
export function* keepOwners(
  { snapshots, settings, nowMs }: Pass,
  { owners: merged, desired }: KeptOwnersInput,
  before: Owners,
): Steps<StageResult<Owners, Owners>> {
  const isPublished = (key: ResourceKey) => {
    const { section, name } = splitKey(key);
    return desired[section].has(name);
  };
  const published = ownersOfPublished(merged, before, isPublished, settings.claims, nowMs);
  const owners = snapshots.some((catalog) => isMute(catalog)) ? ownersPresumedThere(published, snapshots) : published;
  const dueAtMs: number[] = [];
  for (const [key, { goneAtMs }] of owners) {
    if (goneAtMs === undefined) continue;
    // Its names become free, then its hosts.
    dueAtMs.push(goneAtMs + nameKeptMs(splitKey(key).section, settings.claims), goneAtMs + settings.claims.keptMs);
  }
  return { value: owners, carry: owners, diagnostics: [], dueAtMs };
}

/** Does the catalog say nothing of services that may well be there? With a service: of that one, by its key. */
function isMute(catalog: CatalogSnapshot, service?: string): boolean {
  return catalog.freshness === "unread" || isHidden(catalog, service);
}

/** The owners, where no owner in a mute catalog counts as absent: another service would take over the name. */
function ownersPresumedThere(owners: Owners, snapshots: readonly CatalogSnapshot[]): Owners {
  const findCatalog = catalogFinder(snapshots);
  const isMuted = (service: string) => {
    const catalog = findCatalog(service);
    return catalog !== undefined && isMute(catalog, service);
  };
  const presumed = [...owners].filter(([, { service, goneAtMs }]) => goneAtMs !== undefined && isMuted(service));
  if (presumed.length === 0) return owners;
  return new Map([...owners, ...presumed.map(([key, { service }]) => [key, { service }] as const)]);
}

/**
 * The owners, where a name that was won by a newcomer and then left out for what it refers to has not changed hands:
 * the service that had it in the published chart keeps it for its time. Else their router would count as replaced by one that
 * does not exist, and go without a hold and without a grace.
 *
 * @param owners of every name after the merge
 * @param isPublished whether a name is part of what will be published
 */
function ownersOfPublished(
  owners: ReadonlyMap<ResourceKey, Owner>,
  previous: ReadonlyMap<ResourceKey, Owner>,
  isPublished: (key: ResourceKey) => boolean,
  claims: CoreSettings["claims"],
  nowMs: number,
): ReadonlyMap<ResourceKey, Owner> {
  if (owners === previous) return owners;
  let kept: Map<ResourceKey, Owner> | undefined;
  for (const [key, owner] of owners) {
    const known = previous.get(key);
    if (known === undefined || known.service === owner.service || isPublished(key)) continue;
    const goneAtMs = known.goneAtMs ?? nowMs;
    if (nowMs - goneAtMs >= nameKeptMs(splitKey(key).section, claims)) continue;
    kept ??= new Map(owners);
    kept.set(key, { service: known.service, goneAtMs });
  }
  return kept ?? owners;
}
