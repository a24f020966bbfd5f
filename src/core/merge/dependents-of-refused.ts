import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose } from "../diagnostics/finding.ts";
import { type ResourceKey, resourceKey, type Section } from "../traefik/chart/dynamic-config.ts";
import { type NamedReference, referencesOf, targetOf } from "../traefik/chart/references.ts";
import type { Definition } from "./definition.ts";

/** What relies on names that their own service has lost. */
export interface Reliant {
  readonly definitions: readonly Definition[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Finds what relies on a name that its own service claimed and did not get: by that name it would reach what another
 * service means, so that a router would send its visitors to a stranger's servers or past its own authentication. What is
 * left out for it is lost too, until nothing changes.
 *
 * @param lost the keys (`http/services/app`) that each catalog service claimed and did not get
 * @param wonBy what counts of a service's definitions
 */
export function reliantOnLost(
  lost: ReadonlyMap<string, ReadonlySet<ResourceKey>>,
  wonBy: (service: string) => readonly Definition[],
): Reliant {
  const definitions: Definition[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [service, names] of lost) {
    const gone = new Set<string>(names);
    let left = wonBy(service);
    for (let isSettled = false; !isSettled; ) {
      isSettled = true;
      const standing: Definition[] = [];
      for (const definition of left) {
        const { section, object, instances, key } = definition;
        const reference = referencesOf(section, object).find((one) => gone.has(keyOf(section, one)));
        if (reference === undefined) {
          standing.push(definition);
          continue;
        }
        gone.add(key);
        isSettled = false;
        definitions.push(definition);
        diagnostics.push(...instances.map((instance) => reliesOnLost(instance, key, reference)));
      }
      left = standing;
    }
  }
  return { definitions, diagnostics };
}

/** `@file` may point at this very file. */
function keyOf(section: Section, reference: NamedReference): string {
  const target = targetOf(section, reference);
  return target === undefined ? "" : resourceKey(target, reference.name.replace(/@file$/, ""));
}

function reliesOnLost(
  instance: Definition["instances"][number],
  key: ResourceKey,
  reference: NamedReference,
): Diagnostic {
  return diagnose(instance, {
    code: "NAME_TAKEN",
    message: `${key} refers to the ${reference.kind} ${JSON.stringify(reference.name)}, by which somebody else means something else`,
    remedy: `choose another name for the ${reference.kind}, or mean the same by it`,
  });
}
