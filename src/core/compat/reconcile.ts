import { inOrder, instancesOf } from "../catalog/by-catalog-name.ts";
import { diffCharts } from "../changes.ts";
import type { Decision, ReconcileInput } from "../decision.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { prefixerFor } from "../instances/catalog-prefix.ts";
import { type Translated, translateInstance } from "../instances/instance.ts";
import { rollOf } from "../instances/instance-state.ts";
import { meansSame, nameOfOperator } from "../operator-config/name-conflicts.ts";
import { NO_STATICS, type Statics } from "../operator-config/operator-config.ts";
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
export function reconcileLikeTraefik({ slices, previous, settings, statics = NO_STATICS }: ReconcileInput): Decision {
  const translated = instancesLookedAt(instancesOf(inOrder(slices)), settings)
    .map((one) => translateInstance(one, settings))
    .map(prefixerFor(settings, statics));
  const merged = mergeLikeTraefik(translated, settings.traefik.version);
  const isUnread = slices.some(({ origin }) => origin === "unread");
  const known = isUnread && previous.chart !== undefined ? overlay(previous.chart, merged.config) : merged.config;
  const chart = overlay(known, statics.config);
  const memory = {
    chart,
    owners: new Map(),
    leftAtMs: new Map(),
    released: new Set<ResourceKey>(),
    holds: [],
    hosts: new Map(),
    families: new Map(),
    statics: statics.origins,
    pastTenants: [],
    sharers: new Map(),
    origin: merged.origin,
    roll: rollOf(translated),
  };
  return {
    text: renderChart(chart),
    chart,
    changes: diffCharts(previous.chart, chart, { before: previous, after: memory, departureReasons: new Map() }),
    diagnostics: [
      ...statics.diagnostics,
      ...translated.flatMap(({ disposition }) => ("diagnostics" in disposition ? disposition.diagnostics : [])),
      ...merged.diagnostics,
      ...translated.flatMap((one) => namesOfOperator(one, statics)),
    ],
    memory,
    lookAgainAtMs: undefined,
  };
}

/** Traefik's provider does not know the operator's files; here they are part of the same chart, and theirs counts. */
function namesOfOperator({ instance, disposition }: Translated, statics: Statics): readonly Diagnostic[] {
  if (disposition.kind !== "routed") return [];
  const { config } = disposition.fragment;
  return [...statics.origins.keys()]
    .filter((key) => {
      const { section, name } = splitKey(key);
      const object = config[section].get(name);
      return object !== undefined && !meansSame(statics, key, object);
    })
    .map((key) => nameOfOperator(instance, key, statics));
}
