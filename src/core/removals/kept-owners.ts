import { catalogFinder } from "../catalog/catalog-finder.ts";
import { type CatalogSnapshot, isHidden } from "../catalog/snapshot.ts";
import { copyOnWrite } from "../incremental/copy-on-write-map.ts";
import { foundIn } from "../incremental/found-in.ts";
import type { Steps } from "../incremental/steps.ts";
import type { Owner } from "../merge/owner.ts";
import { nameKeptMs } from "../merge/ownership.ts";
import type { CoreSettings } from "../settings.ts";
import type { Pass, StageResult } from "../stage.ts";
import { changedNames } from "../traefik/chart/changed-names.ts";
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
  for (const [key, goneAtMs] of absencesIn(owners)) {
    // Its names become free, then its hosts.
    dueAtMs.push(goneAtMs + nameKeptMs(splitKey(key).section, settings.claims), goneAtMs + settings.claims.keptMs);
  }
  return { value: owners, carry: owners, diagnostics: [], dueAtMs };
}

/** The names whose owner is absent → since when. */
const absencesIn = foundIn<ResourceKey, Owner, number>(({ goneAtMs }) => goneAtMs);

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
  const presumed = copyOnWrite(owners);
  for (const key of absencesIn(owners).keys()) {
    const service = owners.get(key)?.service;
    if (service !== undefined && isMuted(service)) presumed.put(key, { service });
  }
  return presumed.result();
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
  const kept = copyOnWrite(owners);
  for (const key of changedNames(previous, owners)) {
    const [known, owner] = [previous.get(key), owners.get(key)];
    if (known === undefined || owner === undefined || known.service === owner.service || isPublished(key)) continue;
    const goneAtMs = known.goneAtMs ?? nowMs;
    if (nowMs - goneAtMs >= nameKeptMs(splitKey(key).section, claims)) continue;
    kept.put(key, { service: known.service, goneAtMs });
  }
  return kept.result();
}
