import { namesIn } from "../default-middlewares/defaults-at.ts";
import { DEFAULTS_ORIGIN } from "../default-middlewares/reserved-names.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose } from "../diagnostics/finding.ts";
import { nameInText } from "../diagnostics/name-in-text.ts";
import { gathering } from "../incremental/gathering.ts";
import { aboutFile } from "../operator-config/assemble.ts";
import type { Pass } from "../stage.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  type ResourceKey,
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
  { settings, neighbours: { names, isComplete } }: Pick<Pass, "settings" | "neighbours">,
  definitionOf: FindDefinition,
): readonly Diagnostic[] {
  if (!isComplete) return [];
  const defaults = namesIn(settings.traefik.defaultMiddlewares);
  const isDefined = (key: ResourceKey) => {
    if (names.has(key)) return true;
    const { section, name } = splitKey(key);
    return config[section].has(name);
  };
  const absentDefaults = [...defaults]
    .filter((name) => /.@file$/.test(name))
    .map((name) => name.replace(/@file$/, ""))
    .filter((name) => !isDefined(resourceKey("http/middlewares", name)));
  const ofServices = SECTIONS.flatMap((section) =>
    fileReferencesIn[section](config[section]).flatMap(({ name, reference }) => {
      // What all routers have before them is the operator's to define, and told once.
      if (reference.kind === "middleware" && defaults.has(reference.name)) return [];
      const target = referredKey(section, reference);
      if (target === "" || isDefined(target)) return [];
      const key = resourceKey(section, name);
      const instances = definitionOf(section, name)?.instances ?? [];
      return instances.map((instance) =>
        diagnose(instance, {
          code: "REFERENCE_ABSENT",
          message: `${key} refers to the ${reference.kind} ${JSON.stringify(reference.name)}, which neither the chart nor a file beside it defines; traefik leaves ${key} out until one does`,
          remedy: `define ${nameInText(splitKey(target).name)} in a file beside the chart, or refer to another name`,
        }),
      );
    }),
  );
  return [...absentDefaults.map(absentDefault), ...ofServices];
}

function absentDefault(name: string): Diagnostic {
  return aboutFile(DEFAULTS_ORIGIN, {
    code: "REFERENCE_ABSENT",
    message: `the middleware ${JSON.stringify(`${name}@file`)} is defined neither by the chart nor by a file beside it; traefik leaves every router out that has it until one does`,
    remedy: `define ${nameInText(name)} in a file beside the chart, or take it out of the settings`,
  });
}

interface FileReference {
  readonly name: string;
  readonly reference: NamedReference;
}

/** What refers to a name with `@file`. */
const fileReferencesIn = sectionsMade((section) =>
  gathering((object: ConfigObject, name: string): readonly FileReference[] =>
    referencesOf(section, object).flatMap((reference) =>
      /.@file$/.test(reference.name) && reference.name !== "default@file" ? [{ name, reference }] : [],
    ),
  ),
);
