import { inverted } from "../../incremental/inverted.ts";
import { memoize } from "../../incremental/memoize.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  type ResourceKey,
  resourceKey,
  SECTIONS,
  type Section,
  sectionsMade,
} from "./dynamic-config.ts";
import { referencesOf } from "./references.ts";
import { referredKey } from "./referred-key.ts";

/**
 * Finds what refers to a resource, be it defined or not: routers, services and middlewares, in no particular order. `@file`
 * counts as this file.
 */
export type FindUsers = (key: ResourceKey) => Iterable<ResourceKey>;

/** Who refers to what in a configuration. */
export function usersIn(config: DynamicConfig): FindUsers {
  const referring = SECTIONS.map((section) => ({ section, users: usersBy[section](config[section]) }));
  return function* (key) {
    for (const { section, users } of referring) {
      for (const name of users.get(key) ?? []) yield resourceKey(section, name);
    }
  };
}

const usersBy = sectionsMade((section) => inverted((object: ConfigObject) => targetsOf(section, object)));

/** What an object refers to in this chart, each once; nothing for most. */
export function targetsOf(section: Section, object: ConfigObject): readonly ResourceKey[] {
  return referencesOf(section, object).length === 0 ? NONE : targets[section](object);
}

const NONE: readonly ResourceKey[] = [];

const targets = sectionsMade((section) =>
  memoize((object: ConfigObject): readonly ResourceKey[] => {
    const keys = referencesOf(section, object).map((reference) => referredKey(section, reference));
    return [...new Set(keys)].filter((key) => key !== "");
  }),
);
