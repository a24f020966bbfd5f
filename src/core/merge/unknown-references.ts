import { diagnose } from "../diagnostics/finding.ts";
import type { Steps } from "../incremental/steps.ts";
import type { TranslatedServices } from "../instances/instance-state.ts";
import { overlay } from "../operator-config/overlay.ts";
import type { Pass, StageResult } from "../stage.ts";
import { changedRouters } from "../traefik/chart/changed-names.ts";
import { dropDangling } from "../traefik/chart/dangling-references.ts";
import { type DynamicConfig, isRouterSection, type ResourceKey, resourceKey } from "../traefik/chart/dynamic-config.ts";
import { type LastPublished, withAbsentDefinitions } from "./absent-definitions.ts";
import { absentReferences } from "./absent-references.ts";
import {
  type ClosedRouters,
  closeDangling,
  closedDefinition,
  type DanglingRouter,
  isStillPublished,
  NONE_CLOSED_YET,
} from "./closed-routers.ts";
import type { Merged } from "./merge.ts";
import type { FindDefinition } from "./merge-memory.ts";
import { explainMissing } from "./why-missing.ts";

/** What the catalogs and the operator ask for, without what refers to something that is not defined. */
export interface SoundConfig {
  readonly config: DynamicConfig;
  /** The routers that may differ from those of the last pass, or be asked for by another service; undefined: all may. */
  readonly changedRouters: ReadonlySet<ResourceKey> | undefined;
  /** The definition of a name that counts; of a router that answers 503, its last one that was sound. */
  readonly definitionOf: FindDefinition;
  /** Routers that are in the chart no more, whose owners ask for them and keep their hosts. */
  readonly leftOut: ClosedRouters;
}

export interface ReferencesInput extends Merged {
  readonly services: TranslatedServices;
  readonly published: LastPublished;
}

/** What one pass hands to the next. */
export interface ReferencesMemory {
  /** What the last pass came to, before any router was closed; nothing in it refers to nothing. Saves work only. */
  readonly sound: DynamicConfig | undefined;
  /** Survives a restart. */
  readonly closed: ClosedRouters;
}

/** Where nothing is known of an earlier pass. */
export const NO_REFERENCES: ReferencesMemory = { sound: undefined, closed: NONE_CLOSED_YET };

/**
 * The stage that lays the operator's definitions over those of the services, lets published definitions stand in for
 * services that have left and that others refer to, and leaves out what refers to nothing. A router that was published
 * before answers 503 for a while.
 */
export function* dropUnknownReferences(
  pass: Pass,
  { config: merged, definitionOf, resolved, owners, services, published }: ReferencesInput,
  { sound: before, closed: closedBefore }: ReferencesMemory,
): Steps<StageResult<SoundConfig, ReferencesMemory>> {
  const standingIn = withAbsentDefinitions(pass, merged, owners, published);
  const explain = explainMissing(pass, services);
  const dangling: DanglingRouter[] = [];
  const sound = dropDangling(
    overlay(standingIn.config, pass.operatorConfig.config),
    (section, name, missing) => {
      const finding = explain(section, name, missing);
      if (isRouterSection(section)) dangling.push({ key: resourceKey(section, name), missing });
      const instance = definitionOf(section, name)?.instances[0];
      return instance && diagnose(instance, { ...finding, leavesOut: resourceKey(section, name) });
    },
    before,
  );
  const closing = closeDangling(
    pass,
    { config: sound.config, dangling, definitionOf, services, owners, published },
    closedBefore,
  );
  const { closed } = closing;
  const inChart = new Map([...closed].filter(([, one]) => isStillPublished(one, pass)));
  const changed =
    before === undefined || resolved === undefined
      ? undefined
      : new Set([...resolved, ...changedRouters(before, sound.config), ...closedBefore.keys(), ...closed.keys()]);
  return {
    value: {
      config: closing.config,
      changedRouters: changed,
      definitionOf: (section, name) => {
        const definition = definitionOf(section, name);
        const one = inChart.size === 0 ? undefined : inChart.get(resourceKey(section, name));
        return definition === undefined || one === undefined ? definition : closedDefinition(definition, one);
      },
      leftOut: new Map([...closed].filter(([key]) => !inChart.has(key))),
    },
    carry: { sound: sound.config, closed: closed.size === 0 && closedBefore.size === 0 ? closedBefore : closed },
    diagnostics: [...sound.diagnostics, ...closing.diagnostics, ...absentReferences(sound.config, pass, definitionOf)],
    dueAtMs: [...standingIn.dueAtMs, ...closing.dueAtMs],
  };
}
