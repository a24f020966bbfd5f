import { diagnose, type Finding } from "../diagnostics/finding.ts";
import type { Steps } from "../incremental/steps.ts";
import { overlay } from "../operator-config/overlay.ts";
import type { Pass, StageResult } from "../stage.ts";
import { changedRouters } from "../traefik/chart/changed-names.ts";
import { dropDangling } from "../traefik/chart/dangling-references.ts";
import { type DynamicConfig, type ResourceKey, resourceKey, type Section } from "../traefik/chart/dynamic-config.ts";
import type { NamedReference } from "../traefik/chart/references.ts";
import type { Merged } from "./merge.ts";

/** What the catalogs and the operator ask for, without what refers to something that is not defined. */
export interface SoundConfig {
  readonly config: DynamicConfig;
  /** The routers that may differ from those of the last pass, or be asked for by another service; undefined: all may. */
  readonly changedRouters: ReadonlySet<ResourceKey> | undefined;
}

/**
 * The stage that lays the operator's definitions over those of the services, and leaves out what refers to nothing.
 *
 * @param before the configuration that the last pass came to; nothing in it refers to nothing
 */
export function* dropUnknownReferences(
  { operatorConfig }: Pass,
  { config, definitionOf, resolved }: Merged,
  before: DynamicConfig | undefined,
): Steps<StageResult<SoundConfig, DynamicConfig>> {
  const sound = dropDangling(
    overlay(config, operatorConfig.config),
    (section, name, missing) => {
      const instance = definitionOf(section, name)?.instances[0];
      return instance && diagnose(instance, unknownReference(section, name, missing));
    },
    before,
  );
  const changed =
    before === undefined || resolved === undefined
      ? undefined
      : new Set([...resolved, ...changedRouters(before, sound.config)]);
  return {
    value: { config: sound.config, changedRouters: changed },
    carry: sound.config,
    diagnostics: sound.diagnostics,
    dueAtMs: [],
  };
}

/** What is wrong with an object that refers to something that is not defined. */
export function unknownReference(section: Section, name: string, { kind, name: missing }: NamedReference): Finding {
  const isForFiles = kind === "serversTransport" || kind === "tlsOptions";
  return {
    code: "REFERENCE_UNKNOWN",
    message: `${resourceKey(section, name)} refers to the ${kind} ${JSON.stringify(missing)}, which ${isForFiles ? "neither the settings nor a snippet define" : "no service defines"}`,
    remedy: `define it ${isForFiles ? "there, since tags cannot" : "with tags"}, or name its provider, for example ${missing}@file for one in a file of your own`,
  };
}
