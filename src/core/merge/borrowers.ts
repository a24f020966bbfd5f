import { memoize } from "../incremental/memoize.ts";
import type { Translated, TranslatedServices } from "../instances/instance-state.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  kindOf,
  type ResourceKey,
  resourceKey,
  SECTIONS,
  type Section,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { referencesOf } from "../traefik/chart/references.ts";
import { referredKey } from "../traefik/chart/referred-key.ts";
import type { PublishedNames } from "./owner.ts";

/** Whether a middleware is used by other services than these: by one that is registered, or by a router or middleware of the published chart. */
export type IsBorrowed = (key: ResourceKey, but: ReadonlySet<string>) => boolean;

/**
 * Who uses the middlewares of whom. Health does not matter: a user that comes back must find what it used. Worked out at the
 * first question, which only names of absent owners and of rivals give rise to.
 */
export function borrowersIn(services: TranslatedServices, published: PublishedNames): IsBorrowed {
  let users: ReadonlyMap<ResourceKey, ReadonlySet<string>> | undefined;
  return (key, but) => {
    if (kindOf(splitKey(key).section) !== "middlewares") return false;
    users ??= usersIn(services, published);
    for (const service of users.get(key) ?? NONE) if (!but.has(service)) return true;
    return false;
  };
}

const NONE: ReadonlySet<string> = new Set();

function usersIn(
  services: TranslatedServices,
  { chart, owners }: PublishedNames,
): ReadonlyMap<ResourceKey, ReadonlySet<string>> {
  const users = new Map<ResourceKey, Set<string>>();
  const note = (key: ResourceKey, service: string) => {
    const known = users.get(key);
    if (known === undefined) users.set(key, new Set([service]));
    else known.add(service);
  };
  for (const [service, own] of services) for (const key of usedBy(own)) note(key, service);
  for (const section of chart === undefined ? [] : SECTIONS) {
    for (const [name, object] of chart?.[section] ?? []) {
      const used = middlewaresIn(section, object);
      const owner = used.length === 0 ? undefined : owners.get(resourceKey(section, name));
      if (owner !== undefined) for (const key of used) note(key, owner.service);
    }
  }
  return users;
}

/** The middlewares that the instances of one service refer to. */
const usedBy = memoize((own: readonly Translated[]): ReadonlySet<ResourceKey> => {
  const used = new Set<ResourceKey>();
  for (const { state } of own) {
    if (!("fragment" in state) || state.fragment === undefined) continue;
    for (const key of middlewaresUsedIn(state.fragment.config)) used.add(key);
  }
  return used.size === 0 ? NOTHING_USED : used;
});

const NOTHING_USED: ReadonlySet<ResourceKey> = new Set();

function* middlewaresUsedIn(config: DynamicConfig): Generator<ResourceKey> {
  for (const section of SECTIONS) {
    for (const object of config[section].values()) yield* middlewaresIn(section, object);
  }
}

function middlewaresIn(section: Section, object: ConfigObject): readonly ResourceKey[] {
  return referencesOf(section, object).flatMap((reference) => {
    const key = reference.kind === "middleware" ? referredKey(section, reference) : "";
    return key === "" ? [] : [key];
  });
}
