import type { Diagnostic } from "../diagnostics.ts";
import { resourceKey, SECTIONS, type Section } from "../traefik/dynamic-config.ts";
import { type NamedReference, referencesOf, targetOf } from "../traefik/references.ts";
import { diagnose } from "../translate/finding.ts";
import type { Definition } from "./definition.ts";

/** What counts in each section: name → the definition that won it. */
export type Winners = Readonly<Record<Section, Map<string, Definition>>>;

/** The keys (`http/services/app`) that each catalog service claimed and did not get. */
export type LostNames = ReadonlyMap<string, Set<string>>;

/**
 * Leaves out what relies on a name that its own service claimed and did not get: by that name it would reach what another
 * service means, so that a router would send its visitors to a stranger's servers or past its own authentication. What is
 * left out is lost too, until nothing changes.
 */
export function dropReliantOnLost(winners: Winners, lost: LostNames): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (let isSettled = false; !isSettled; ) {
    isSettled = true;
    for (const section of SECTIONS) {
      for (const [name, definition] of winners[section]) {
        const ownLost = lost.get(definition.service);
        const reference = referencesOf(section, definition.object).find((one) => ownLost?.has(keyOf(section, one)));
        if (reference === undefined) continue;
        winners[section].delete(name);
        ownLost?.add(resourceKey(section, name));
        isSettled = false;
        diagnostics.push(...definition.instances.map((instance) => reliesOnLost(instance, section, name, reference)));
      }
    }
  }
  return diagnostics;
}

/** `@file` may point at this very file. */
function keyOf(section: Section, reference: NamedReference): string {
  const target = targetOf(section, reference);
  return target === undefined ? "" : resourceKey(target, reference.name.replace(/@file$/, ""));
}

function reliesOnLost(
  instance: Definition["instances"][number],
  section: Section,
  name: string,
  reference: NamedReference,
): Diagnostic {
  return diagnose(instance, {
    code: "NAME_TAKEN",
    message: `${resourceKey(section, name)} refers to the ${reference.kind} ${JSON.stringify(reference.name)}, by which somebody else means something else`,
    remedy: `choose another name for the ${reference.kind}, or mean the same by it`,
  });
}
