import { diagnose } from "../diagnostics/finding.ts";
import type { Steps } from "../incremental/steps.ts";
import type { TranslatedServices } from "../instances/instance-state.ts";
import { overlay } from "../operator-config/overlay.ts";
import type { Pass, StageResult } from "../stage.ts";
import { changedRouters } from "../traefik/chart/changed-names.ts";
import { dropDangling } from "../traefik/chart/dangling-references.ts";
import { type DynamicConfig, type ResourceKey, resourceKey } from "../traefik/chart/dynamic-config.ts";
import { withAbsentDefinitions } from "./absent-definitions.ts";
import { absentReferences } from "./absent-references.ts";
import type { Merged } from "./merge.ts";
import { explainMissing } from "./why-missing.ts";

/** What the catalogs and the operator ask for, without what refers to something that is not defined. */
export interface SoundConfig {
  readonly config: DynamicConfig;
  /** The routers that may differ from those of the last pass, or be asked for by another service; undefined: all may. */
  readonly changedRouters: ReadonlySet<ResourceKey> | undefined;
}

export interface ReferencesInput extends Merged {
  readonly services: TranslatedServices;
  /** What the published file says; undefined when there is none. */
  readonly published: DynamicConfig | undefined;
}

/**
 * The stage that lays the operator's definitions over those of the services, lets published definitions stand in for absent
 * services that others refer to, and leaves out what refers to nothing.
 *
 * @param before the configuration that the last pass came to; nothing in it refers to nothing
 */
export function* dropUnknownReferences(
  pass: Pass,
  { config: merged, definitionOf, resolved, owners, services, published }: ReferencesInput,
  before: DynamicConfig | undefined,
): Steps<StageResult<SoundConfig, DynamicConfig>> {
  const { config, dueAtMs } = withAbsentDefinitions(pass, merged, owners, published, services);
  const explain = explainMissing(pass, services);
  const sound = dropDangling(
    overlay(config, pass.operatorConfig.config),
    (section, name, missing) => {
      const finding = explain(section, name, missing);
      const instance = definitionOf(section, name)?.instances[0];
      return instance && diagnose(instance, { ...finding, leavesOut: resourceKey(section, name) });
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
    diagnostics: [...sound.diagnostics, ...absentReferences(sound.config, pass.neighbours, definitionOf)],
    dueAtMs,
  };
}
