import type { Diagnostic } from "../diagnostics.ts";
import { HTTP_SECTIONS, type HttpSection } from "../traefik/dynamic-config.ts";
import { type NamedReference, referencesOf } from "../traefik/references.ts";
import { diagnose } from "../translate/finding.ts";
import type { Definition } from "./definition.ts";

/** What counts in each section: name → the definition that won it. */
export type Winners = Readonly<Record<HttpSection, Map<string, Definition>>>;

/** The names (`services/app`) that each catalog service claimed and did not get. */
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
    for (const section of HTTP_SECTIONS) {
      for (const [name, definition] of winners[section]) {
        const ownLost = lost.get(definition.service);
        const reference = referencesOf(section, definition.object).find((one) => ownLost?.has(nameKey(one)));
        if (reference === undefined) continue;
        winners[section].delete(name);
        ownLost?.add(`${section}/${name}`);
        isSettled = false;
        diagnostics.push(...definition.instances.map((instance) => reliesOnLost(instance, section, name, reference)));
      }
    }
  }
  return diagnostics;
}

/** `@file` may point at this very file. */
function nameKey({ kind, name }: NamedReference): string {
  return `${kind}s/${name.replace(/@file$/, "")}`;
}

function reliesOnLost(
  instance: Definition["instances"][number],
  section: HttpSection,
  name: string,
  reference: NamedReference,
): Diagnostic {
  return diagnose(instance, {
    code: "NAME_TAKEN",
    message: `${section}/${name} refers to the ${reference.kind} ${JSON.stringify(reference.name)}, by which another service means something else`,
    remedy: `choose another name for the ${reference.kind}, or give both services equal tags for it`,
  });
}
