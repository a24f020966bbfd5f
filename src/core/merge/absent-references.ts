import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose } from "../diagnostics/finding.ts";
import { memoize } from "../incremental/memoize.ts";
import type { Neighbours } from "../neighbours/neighbours.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  resourceKey,
  SECTIONS,
  sectionsMade,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { type NamedReference, referencesOf } from "../traefik/chart/references.ts";
import { referredKey } from "../traefik/chart/referred-key.ts";
import type { FindDefinition } from "./merge-memory.ts";

/**
 * Reports references with `@file` to what neither the chart nor a file beside it defines. They are no reason to leave a
 * router out: its host would be free meanwhile, and Traefik serves it as soon as a file defines the name. Nothing is said
 * where not all files are known.
 */
export function absentReferences(
  config: DynamicConfig,
  { names, isComplete }: Neighbours,
  definitionOf: FindDefinition,
): readonly Diagnostic[] {
  if (!isComplete) return [];
  return SECTIONS.flatMap((section) =>
    fileReferencesIn[section](config[section]).flatMap(({ name, reference }) => {
      const target = referredKey(section, reference);
      if (target === "" || names.has(target)) return [];
      const referred = splitKey(target);
      if (config[referred.section].has(referred.name)) return [];
      const key = resourceKey(section, name);
      const instances = definitionOf(section, name)?.instances ?? [];
      return instances.map((instance) =>
        diagnose(instance, {
          code: "REFERENCE_ABSENT",
          message: `${key} refers to the ${reference.kind} ${JSON.stringify(reference.name)}, which neither the chart nor a file beside it defines; traefik leaves ${key} out until one does`,
          remedy: `define ${referred.name} in a file beside the chart, or refer to another name`,
        }),
      );
    }),
  );
}

interface FileReference {
  readonly name: string;
  readonly reference: NamedReference;
}

/** What refers to a name with `@file`; memoized, since most changes leave most sections alone. */
const fileReferencesIn = sectionsMade((section) =>
  memoize((objects: ReadonlyMap<string, ConfigObject>): readonly FileReference[] => {
    const found: FileReference[] = [];
    for (const [name, object] of objects) {
      for (const reference of referencesOf(section, object)) {
        if (/.@file$/.test(reference.name) && reference.name !== "default@file") found.push({ name, reference });
      }
    }
    return found;
  }),
);
