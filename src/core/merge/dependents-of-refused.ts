import { withoutDefaults } from "../default-middlewares/dressed-router.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose } from "../diagnostics/finding.ts";
import type { DefaultMiddlewares } from "../settings.ts";
import type { ConfigObject, ResourceKey, Section } from "../traefik/chart/dynamic-config.ts";
import { type NamedReference, referencesOf } from "../traefik/chart/references.ts";
import { referredKey } from "../traefik/chart/referred-key.ts";
import type { Definition } from "./definition.ts";

/** What refers to names that its own service defined and did not get. */
export interface Dependents {
  readonly definitions: readonly Definition[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Finds what refers to a name that its own service defined and did not get: by that name it would reach what another
 * service means, so that a router would send its visitors to another service's servers or past its own authentication. What is
 * left out for it counts as refused too, until nothing changes.
 *
 * @param refused the keys (`http/services/app`) that each catalog service defined and did not get
 * @param wonBy those of a service's definitions that count
 * @param defaults what stands before the middlewares of routers, and means the operator's
 */
export function dependentsOfRefused(
  refused: ReadonlyMap<string, ReadonlySet<ResourceKey>>,
  wonBy: (service: string) => readonly Definition[],
  defaults: DefaultMiddlewares,
): Dependents {
  const definitions: Definition[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [service, names] of refused) {
    const missing = new Set<string>(names);
    let left = wonBy(service);
    for (let isComplete = false; !isComplete; ) {
      isComplete = true;
      const sound: Definition[] = [];
      for (const definition of left) {
        const { section, object, instances, key } = definition;
        const reference = ownReferencesOf(section, object, defaults).find((one) =>
          missing.has(referredKey(section, one)),
        );
        if (reference === undefined) {
          sound.push(definition);
          continue;
        }
        missing.add(key);
        isComplete = false;
        definitions.push(definition);
        diagnostics.push(...instances.map((instance) => refersToRefused(instance, key, reference)));
      }
      left = sound;
    }
  }
  return { definitions, diagnostics };
}

function ownReferencesOf(
  section: Section,
  object: ConfigObject,
  defaults: DefaultMiddlewares,
): readonly NamedReference[] {
  const own = section === "http/routers" ? withoutDefaults(object, defaults) : undefined;
  return referencesOf(section, own ?? object);
}

function refersToRefused(
  instance: Definition["instances"][number],
  key: ResourceKey,
  reference: NamedReference,
): Diagnostic {
  return diagnose(instance, {
    code: "NAME_TAKEN",
    leavesOut: key,
    message: `${key} refers to the ${reference.kind} ${JSON.stringify(reference.name)}, which another service or the operator defines differently`,
    remedy: `choose another name for the ${reference.kind}, or define it in the same way`,
  });
}
