import type { Finding } from "../diagnostics/finding.ts";
import {
  type ConfigObject,
  type MutableConfig,
  newConfig,
  type ResourceKey,
  resourceKey,
  SECTIONS,
  type Section,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { type NamedReference, referencesOf, targetOf, wordOf } from "../traefik/chart/references.ts";
import { referredKey } from "../traefik/chart/referred-key.ts";
import type { Fragment, LeftOut } from "./draft.ts";

/** A fragment without some of its parts and without what refers to them, and what is reported about the latter. */
export interface Reduced {
  readonly fragment: Fragment;
  readonly findings: readonly Finding[];
}

/**
 * Leaves parts out of a fragment, and with them every router, service and middleware of the same instance that refers to
 * one: without its middleware a router would be open, and by the name it could reach what another service defines.
 *
 * @param refused further parts that must not be in the fragment, beside those that it has left out already
 */
export function leaveOut(fragment: Fragment, refused: ReadonlyMap<ResourceKey, Finding>): Reduced {
  if (refused.size + fragment.leftOut.size === 0) return { fragment, findings: [] };
  const config = newConfig(fragment.config);
  const leftOut = new Map<ResourceKey, LeftOut>(fragment.leftOut);
  for (const [key, cause] of refused) {
    const { section, name } = splitKey(key);
    leftOut.set(key, { cause, object: config[section].get(name) });
    config[section].delete(name);
  }
  const findings: Finding[] = [];
  while (leaveOutDependents(config, leftOut, findings));
  return { fragment: { ...fragment, config, leftOut }, findings };
}

/** One round; what it leaves out may leave others without what they refer to. Returns whether it left anything out. */
function leaveOutDependents(config: MutableConfig, leftOut: Map<ResourceKey, LeftOut>, findings: Finding[]): boolean {
  const before = leftOut.size;
  for (const section of SECTIONS) {
    for (const [name, object] of config[section]) {
      const found = firstLeftOut(section, object, leftOut);
      if (found === undefined) continue;
      const key = resourceKey(section, name);
      config[section].delete(name);
      leftOut.set(key, { cause: found.cause, object });
      findings.push(dependsOnRefused(key, found.reference, found.cause));
    }
  }
  return leftOut.size > before;
}

/** The first reference of an object to what was left out, and the cause. */
function firstLeftOut(section: Section, object: ConfigObject, leftOut: ReadonlyMap<ResourceKey, LeftOut>) {
  for (const reference of referencesOf(section, object)) {
    const found = keysMeant(section, reference)
      .map((key) => leftOut.get(key))
      .find((one) => one !== undefined);
    if (found !== undefined) return { reference, cause: found.cause };
  }
  return undefined;
}

/** What a reference may mean in the tags of the same instance: they may even define a name with `@`. */
function keysMeant(section: Section, reference: NamedReference): readonly ResourceKey[] {
  const key = referredKey(section, reference);
  if (key === "") return [];
  const target = targetOf(section, reference);
  const isForeign = target !== undefined && reference.name.includes("@");
  return isForeign ? [key, resourceKey(target, reference.name)] : [key];
}

/** What is wrong with a part that refers to one that was left out; the cause is what was wrong in the first place. */
export function dependsOnRefused(key: ResourceKey, { kind, name }: NamedReference, cause: Finding): Finding {
  return {
    code: "REFERENCE_REFUSED",
    message: `${key} refers to the ${wordOf(kind)} ${JSON.stringify(name)}, which was left out: ${cause.message}`,
    remedy: cause.remedy,
  };
}
