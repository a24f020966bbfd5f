import type { Finding } from "../diagnostics/finding.ts";
import type { Steps } from "../incremental/steps.ts";
import type { TranslatedServices } from "../instances/instance-state.ts";
import { explainMissing } from "../merge/why-missing.ts";
import { aboutFile } from "../operator-config/assemble.ts";
import { isCovered, overlay } from "../operator-config/overlay.ts";
import { definedPage, withSleepingPage } from "../removals/sleeping-page.ts";
import type { DefaultMiddlewares } from "../settings.ts";
import type { Pass, StageResult } from "../stage.ts";
import { dropDangling } from "../traefik/chart/dangling-references.ts";
import { type DynamicConfig, type ResourceKey, resourceKey } from "../traefik/chart/dynamic-config.ts";
import { referredKey } from "../traefik/chart/referred-key.ts";
import { type RenderedChart, renderAgain } from "../traefik/chart/render.ts";
import { dependsOnRefused } from "../translate/left-out.ts";
import { withoutTakenShares } from "./taken-shares.ts";
import { type Unused, unusedIn, withoutUnused } from "./without-unused.ts";

/** What one pass hands to the next. */
export interface ChartMemory {
  /** What the published file says; undefined when there is none, or none that can be read. */
  readonly published: DynamicConfig | undefined;
  /** The names in it that the operator defined → the file or setting they came from. */
  readonly operatorNames: ReadonlyMap<ResourceKey, string>;
  /** The default middlewares that its routers were given. */
  readonly defaultMiddlewares: DefaultMiddlewares;
  /** Its text in pieces: what has not changed is not written again. */
  readonly rendered: RenderedChart | undefined;
  /** What was left out of it since no router leads there; saves work. */
  readonly unused: Unused | undefined;
}

export interface WrittenChart {
  readonly chart: DynamicConfig;
  readonly text: string;
  /** The chart without the operator's page: what the log compares. */
  readonly awake: DynamicConfig;
}

export interface ChartInput {
  readonly config: DynamicConfig;
  /** What the stage before has left out, and why. */
  readonly leftOut: ReadonlyMap<ResourceKey, Finding>;
  readonly services: TranslatedServices;
  /** The routers that lead to the operator's page. */
  readonly paged: ReadonlySet<ResourceKey>;
}

/**
 * The last stage that decides anything: completes what is desired and retained with what the operator points at a service
 * that is retained, leaves out what nothing leads to, and writes the chart's bytes.
 */
export function* writeChart(
  pass: Pass,
  { config, leftOut, services, paged }: ChartInput,
  { published, rendered: before, unused: unusedBefore }: ChartMemory,
): Steps<StageResult<WrittenChart, ChartMemory>> {
  const { config: complete, diagnostics } = withOperatorConfig(config, pass, services, leftOut);
  const { config: whole, diagnostics: taken } = withoutTakenShares(complete, pass);
  const { origins } = pass.operatorConfig;
  const unused = unusedIn(whole, origins, unusedBefore);
  const awake = withoutUnused(unused, published);
  const withPage = withSleepingPage(whole, paged, definedPage(pass), published);
  const chart = paged.size === 0 ? awake : withoutUnused(unusedIn(withPage, origins, unused), published);
  yield;
  const rendered = renderAgain(chart, before);
  return {
    value: { chart, text: rendered.text, awake },
    carry: {
      published: chart,
      operatorNames: origins,
      defaultMiddlewares: pass.settings.traefik.defaultMiddlewares,
      rendered,
      unused,
    },
    diagnostics: [...diagnostics, ...taken],
    dueAtMs: [],
  };
}

function withOperatorConfig(
  config: DynamicConfig,
  pass: Pass,
  services: TranslatedServices,
  leftOut: ChartInput["leftOut"],
): ReturnType<typeof dropDangling> {
  const { operatorConfig } = pass;
  if (isCovered(operatorConfig.config, config)) return { config, diagnostics: [] };
  const explain = explainMissing(pass, services);
  return dropDangling(overlay(operatorConfig.config, config), (section, name, missing) => {
    const key = referredKey(section, missing);
    const cause = key === "" ? undefined : leftOut.get(key);
    const finding =
      cause === undefined
        ? explain(section, name, missing)
        : dependsOnRefused(resourceKey(section, name), missing, cause);
    const origin = operatorConfig.origins.get(resourceKey(section, name));
    return origin === undefined ? undefined : aboutFile(origin, finding);
  });
}
