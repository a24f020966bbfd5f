import type { ServiceInstance } from "../catalog/snapshot.ts";
import { explainChanges } from "../changes/explain-changes.ts";
import { instancesLeftOut } from "../changes/instances-left-out.ts";
import type { Decision } from "../decision.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { finish } from "../incremental/steps.ts";
import { prefixerFor } from "../instances/catalog-prefix.ts";
import { groupByService, type Translated } from "../instances/instance-state.ts";
import { initialMemory, type Memory } from "../memory.ts";
import { meansSame, nameOfOperator } from "../operator-config/name-conflicts.ts";
import type { OperatorConfig } from "../operator-config/operator-config.ts";
import { overlay } from "../operator-config/overlay.ts";
import type { Pass } from "../stage.ts";
import { reportRegisteredStatics } from "../static-entries/report-registered-statics.ts";
import { catalogTargets } from "../targets/catalog-targets.ts";
import { splitKey } from "../traefik/chart/dynamic-config.ts";
import { renderChart } from "../traefik/chart/render.ts";
import { instancesLookedAt } from "./instances-looked-at.ts";
import { mergeLikeTraefik } from "./merge.ts";
import { translatorLikeTraefik } from "./translator.ts";

/**
 * A pass with `compat: traefik`: what Traefik's own catalog provider would make of the same catalog, as a file. Nothing is
 * held, retained or guarded; only a source that has not answered yet leaves the published chart alone, all of it, since no
 * owners are remembered. What the operator defines in files and settings comes on top.
 */
export function reconcileLikeTraefik(pass: Pass, reported: readonly ServiceInstance[], before: Memory): Decision {
  const { snapshots, settings, operatorConfig } = pass;
  const chartBefore = before.chart.published;
  const translated = instancesLookedAt(reported, settings)
    .map(translatorLikeTraefik(settings))
    .map(prefixerFor(settings, operatorConfig));
  const merged = mergeLikeTraefik(translated, settings.traefik.version);
  const isUnread = snapshots.some(({ freshness }) => freshness === "unread");
  const known = isUnread && chartBefore !== undefined ? overlay(chartBefore, merged.config) : merged.config;
  const chart = overlay(known, operatorConfig.config);
  const services = groupByService(translated);
  const statics = finish(reportRegisteredStatics(pass, reported, before.statics));
  const diagnostics = [
    ...operatorConfig.diagnostics,
    ...statics.diagnostics,
    ...translated.flatMap(({ state }) => ("diagnostics" in state ? (state.diagnostics ?? []) : [])),
    ...merged.diagnostics,
    ...translated.flatMap((one) => namesOfOperator(one, operatorConfig)),
    ...catalogTargets(reported, settings).diagnostics,
  ];
  const from = {
    owners: new Map(),
    origin: merged.origin,
    services,
    operatorNames: operatorConfig.origins,
    uncounted: instancesLeftOut(
      reported,
      translated.map(({ instance }) => instance),
    ),
  };
  const nothing = new Map();
  const compared = {
    chartBefore,
    chart,
    from,
    diagnostics,
    left: nothing,
    reasons: nothing,
    replaced: nothing,
    reused: nothing,
  };
  const explained = finish(explainChanges(pass, compared, before.changes));
  return {
    text: renderChart(chart),
    chart,
    changes: explained.value,
    diagnostics,
    memory: {
      ...initialMemory(chart),
      translation: { services, latest: undefined },
      chart: {
        published: chart,
        operatorNames: operatorConfig.origins,
        defaultMiddlewares: {},
        rendered: undefined,
        unused: undefined,
      },
      statics: statics.carry,
      changes: explained.carry,
    },
    lookAgainAtMs: undefined,
  };
}

/** Traefik's provider does not know the operator's files; here they are part of the same chart, and theirs counts. */
function namesOfOperator({ instance, state }: Translated, operatorConfig: OperatorConfig): readonly Diagnostic[] {
  if (state.kind !== "routed") return [];
  const { config } = state.fragment;
  return [...operatorConfig.origins.keys()]
    .filter((key) => {
      const { section, name } = splitKey(key);
      const object = config[section].get(name);
      return object !== undefined && !meansSame(operatorConfig, key, object);
    })
    .map((key) => nameOfOperator(instance, key, operatorConfig));
}
