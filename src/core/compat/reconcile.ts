import { inCatalogNameOrder, instancesOf } from "../catalog/by-catalog-name.ts";
import { diffCharts } from "../changes.ts";
import type { Decision, ReconcileInput } from "../decision.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { prefixerFor } from "../instances/catalog-prefix.ts";
import { type Translated, translateInstance } from "../instances/instance.ts";
import { groupByService } from "../instances/instance-state.ts";
import { meansSame, nameOfOperator } from "../operator-config/name-conflicts.ts";
import { NO_OPERATOR_CONFIG, type OperatorConfig } from "../operator-config/operator-config.ts";
import { overlay } from "../operator-config/overlay.ts";
import { type ResourceKey, splitKey } from "../traefik/chart/dynamic-config.ts";
import { renderChart } from "../traefik/chart/render.ts";
import { instancesLookedAt } from "./kept.ts";
import { mergeLikeTraefik } from "./merge.ts";

/**
 * A pass with `compat: traefik`: what Traefik's own catalog provider would make of the same catalog, as a file. Nothing is
 * held, kept or guarded; only a source that has not answered yet leaves the published chart alone, all of it, since nobody
 * is remembered as an owner. What the operator defines in files and settings comes on top.
 */
export function reconcileLikeTraefik({
  snapshots,
  previous,
  settings,
  operatorConfig = NO_OPERATOR_CONFIG,
}: ReconcileInput): Decision {
  const translated = instancesLookedAt(instancesOf(inCatalogNameOrder(snapshots)), settings)
    .map((one) => translateInstance(one, settings))
    .map(prefixerFor(settings, operatorConfig));
  const merged = mergeLikeTraefik(translated, settings.traefik.version);
  const isUnread = snapshots.some(({ freshness }) => freshness === "unread");
  const known = isUnread && previous.chart !== undefined ? overlay(previous.chart, merged.config) : merged.config;
  const chart = overlay(known, operatorConfig.config);
  const memory = {
    chart,
    owners: new Map(),
    leftAtMs: new Map(),
    released: new Set<ResourceKey>(),
    holds: [],
    hosts: new Map(),
    sharingGroups: new Map(),
    operatorConfig: operatorConfig.origins,
    recentlyDeregistered: [],
    portHolders: new Map(),
    origin: merged.origin,
    services: groupByService(translated),
  };
  return {
    text: renderChart(chart),
    chart,
    changes: diffCharts(previous.chart, chart, { before: previous, after: memory, removalReasons: new Map() }),
    diagnostics: [
      ...operatorConfig.diagnostics,
      ...translated.flatMap(({ state }) => ("diagnostics" in state ? state.diagnostics : [])),
      ...merged.diagnostics,
      ...translated.flatMap((one) => namesOfOperator(one, operatorConfig)),
    ],
    memory,
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
