import { catalogFinder } from "../catalog/catalog-finder.ts";
import { isBelieved } from "../catalog/snapshot.ts";
import type { Pass } from "../stage.ts";
import { patchConfig } from "../traefik/chart/config-patch.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  kindOf,
  type ResourceKey,
  SECTIONS,
  type Section,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { referencesOf } from "../traefik/chart/references.ts";
import { referredKey } from "../traefik/chart/referred-key.ts";
import { withServers } from "../traefik/chart/servers.ts";
import { asksServer } from "../traefik/connections/asks-server.ts";
import { absentAmong, type Owner, type PublishedNames } from "./owner.ts";

/** A configuration in which what services that have left defined stands in for them, and when that ends. */
export interface StandingIn {
  readonly config: DynamicConfig;
  readonly dueAtMs: readonly number[];
}

interface Absent {
  readonly object: ConfigObject;
  readonly dueAtMs: readonly number[];
}

/** What the last pass has published, whose it was, and what of it is held. */
export interface LastPublished extends PublishedNames {
  readonly holds: readonly { readonly routers: readonly ResourceKey[] }[];
}

/** The services, by their keys, of which a guard holds a router. */
export function ownersOfHeld({
  holds,
  owners,
}: Pick<LastPublished, "holds" | "owners">): ReadonlySet<string | undefined> {
  return new Set(holds.flatMap(({ routers }) => routers.map((router) => owners.get(router)?.service)));
}

/** So long after a service has left the guards have looked at it, since the next pass follows by then. */
const LOOKED_AT_MS = 1_000;

/**
 * Adds the middlewares that others refer to and that only a service defined which has no instance in the catalog any more,
 * as they were published, with the services that those lead to, without servers. It lasts as long as a router outlives its
 * last instance, so that a service that is started again takes no route of others away. A service that is registered and
 * defines them no more has withdrawn them. One that asks a server stands in only until the guards have looked at what has left, and
 * as long as the departure is not believed: the port that it asks may be another service's by now, whose answer would let
 * everything pass.
 */
export function withAbsentDefinitions(
  pass: Pass,
  config: DynamicConfig,
  owners: ReadonlyMap<ResourceKey, Owner>,
  last: LastPublished,
): StandingIn {
  const absent = absentIn(pass, config, owners, last);
  // It is middlewares that others refer to; services come with them.
  if (![...absent.keys()].some((key) => isMiddlewares(splitKey(key).section))) return { config, dueAtMs: [] };
  const patch = patchConfig(config);
  const brought = new Set<ResourceKey>();
  const dueAtMs = new Set<number>();
  const bring = (section: Section, object: ConfigObject, isWanted: (target: Section) => boolean): void => {
    for (const reference of referencesOf(section, object)) {
      const key = referredKey(section, reference);
      const found = key === "" || brought.has(key) ? undefined : absent.get(key);
      if (key === "" || found === undefined) continue;
      const target = splitKey(key);
      if (!isWanted(target.section)) continue;
      brought.add(key);
      patch.put(target.section, target.name, found.object);
      for (const timeMs of found.dueAtMs) dueAtMs.add(timeMs);
      bring(target.section, found.object, () => true);
    }
  };
  for (const section of SECTIONS) for (const object of config[section].values()) bring(section, object, isMiddlewares);
  return { config: patch.result(), dueAtMs: [...dueAtMs] };
}

function isMiddlewares(section: Section): boolean {
  return kindOf(section) === "middlewares";
}

function absentIn(
  { snapshots, settings, nowMs }: Pass,
  config: DynamicConfig,
  owners: ReadonlyMap<ResourceKey, Owner>,
  { chart, holds, owners: ownersBefore }: LastPublished,
): ReadonlyMap<ResourceKey, Absent> {
  const absent = new Map<ResourceKey, Absent>();
  if (chart === undefined) return absent;
  const findCatalog = catalogFinder(snapshots);
  const held = ownersOfHeld({ holds, owners: ownersBefore });
  const isDoubted = (service: string) => {
    const catalog = findCatalog(service);
    return held.has(service) || (catalog !== undefined && !isBelieved(catalog, service));
  };
  for (const { key, service, leftAtMs } of absentAmong(owners)) {
    if (leftAtMs === undefined) continue;
    const { section, name } = splitKey(key);
    const object = chart[section].get(name);
    const endsAtMs = leftAtMs + settings.routes.zeroInstanceGraceMs;
    if (object === undefined || nowMs >= endsAtMs || config[section].has(name)) continue;
    if (isMiddlewares(section)) {
      const isAsking = asksServer(section, object);
      if (isAsking && nowMs >= leftAtMs + LOOKED_AT_MS && !isDoubted(service)) continue;
      absent.set(key, { object, dueAtMs: isAsking ? [leftAtMs + LOOKED_AT_MS, endsAtMs] : [endsAtMs] });
    }
    if (kindOf(section) === "services") {
      const emptied = "loadBalancer" in object ? withServers(object, []) : object;
      absent.set(key, { object: emptied, dueAtMs: [endsAtMs] });
    }
  }
  return absent;
}
