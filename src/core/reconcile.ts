import { diffCharts, type RouteChange } from "./changes.ts";
import { reconcileLikeTraefik } from "./compat/reconcile.ts";
import type { Diagnostic } from "./diagnostics.ts";
import type { Memory } from "./memory.ts";
import { mergeFragments } from "./merge/merge.ts";
import { OWNER_KEPT_MS, ownersOfPublished } from "./merge/ownership.ts";
import { countServed, findDepartures } from "./policy/departures.ts";
import { failOpen } from "./policy/fail-open.ts";
import { judgeRemoval } from "./policy/guard.ts";
import { keepPublished } from "./policy/keep.ts";
import { dropDangling } from "./policy/references.ts";
import { ledgerDiagnostics } from "./ports/ledger-diagnostics.ts";
import { bestPresence, rollOf } from "./presence.ts";
import type { CoreSettings } from "./settings.ts";
import type { Slice } from "./snapshot.ts";
import { aboutFile } from "./statics/assemble.ts";
import { isCovered, overlay, withoutRouters } from "./statics/overlay.ts";
import { NO_STATICS, type Statics } from "./statics/statics.ts";
import { type DynamicConfig, type ResourceKey, resourceKey, type Section, splitKey } from "./traefik/dynamic-config.ts";
import type { NamedReference } from "./traefik/references.ts";
import { renderChart } from "./traefik/render.ts";
import { diagnose, type Finding } from "./translate/finding.ts";
import { type Translated, translatorFor } from "./translate/instance.ts";

export interface ReconcileInput {
  readonly slice: Slice;
  readonly previous: Memory;
  readonly settings: CoreSettings;
  readonly nowMs: number;
  /** What the operator defines beside the catalog; nothing where it is left out. */
  readonly statics?: Statics;
}

/** What should be published, and everything worth telling about it. */
export interface Decision {
  /** The chart's bytes; equal to the published ones where nothing has changed. */
  readonly text: string;
  readonly chart: DynamicConfig;
  readonly changes: readonly RouteChange[];
  readonly diagnostics: readonly Diagnostic[];
  /** To be handed to the next pass once the text has been published. */
  readonly memory: Memory;
  /** When time alone will change the decision: a hold or a grace ends. */
  readonly lookAgainAtMs: number | undefined;
}

/**
 * The whole flow: translate each instance by its own tags, merge what they ask for, leave out what dangles, and keep for
 * a while what disappears. Same input, same output.
 */
export function reconcile(input: ReconcileInput): Decision {
  const { slice, previous, settings, nowMs, statics = NO_STATICS } = input;
  if (settings.compat === "traefik") return reconcileLikeTraefik(input);
  const translate = translatorFor(settings);
  const translated = failOpen(slice.instances.map(translate), settings);
  const roll = rollOf(translated);
  const merged = mergeFragments(roll, previous, nowMs, statics);
  const sound = dropDangling(overlay(merged.config, statics.config), (section, name, missing) =>
    danglingReference(translated, section, name, missing),
  );
  const desired = sound.config;
  const isWanted = (key: ResourceKey) => {
    const { section, name } = splitKey(key);
    return desired[section].has(name);
  };
  const owners = ownersOfPublished(merged.owners, previous.owners, isWanted, nowMs);

  const published = previous.chart;
  const fromCatalog = published && withoutRouters(published, previous.statics);
  const departures = findDepartures(desired, { ...previous, chart: fromCatalog }, (service) =>
    bestPresence(roll, service),
  );
  const departing = departures.filter(({ leftAtMs }) => leftAtMs === undefined).map(({ router }) => router);
  const hold = judgeRemoval({
    departing,
    served: fromCatalog === undefined || departing.length === 0 ? 0 : countServed(fromCatalog),
    slice,
    hold: previous.hold,
    settings: settings.guard,
    nowMs,
  });

  const held = new Set(hold?.routers);
  const leftAtMs = new Map<ResourceKey, number>();
  const departureReasons = new Map<ResourceKey, string>();
  for (const { router, why, keepsGrace, leftAtMs: sinceMs = nowMs } of departures) {
    const isOver = slice.origin === "live" && nowMs >= sinceMs + settings.routes.zeroInstanceGraceMs;
    departureReasons.set(router, isOver ? "no instance came back in time" : why);
    if (keepsGrace && !isOver && !held.has(router)) leftAtMs.set(router, sinceMs);
  }
  const kept =
    published === undefined ? desired : keepPublished(desired, published, { held, emptied: leftAtMs.keys() });
  // What the operator points at a service that is kept for a while stays with it.
  const whole = isCovered(statics.config, kept)
    ? { config: kept, diagnostics: [] }
    : dropDangling(overlay(statics.config, kept), (section, name, missing) => {
        const origin = statics.origins.get(resourceKey(section, name));
        return origin === undefined ? undefined : aboutFile(origin, unknownReference(section, name, missing));
      });
  const chart = whole.config;

  const memory: Memory = {
    chart,
    owners,
    leftAtMs,
    hold,
    statics: statics.origins,
    origin: merged.origin,
    roll,
  };
  return {
    text: renderChart(chart),
    chart,
    changes: diffCharts(published, chart, {
      before: previous,
      after: memory,
      departureReasons,
    }),
    diagnostics: [
      ...statics.diagnostics,
      ...translated.flatMap(diagnosticsOf),
      ...ledgerDiagnostics(slice.instances, settings),
      ...merged.diagnostics,
      ...sound.diagnostics,
      ...whole.diagnostics,
    ],
    memory,
    lookAgainAtMs: earliestAfter(nowMs, [
      hold?.endsAtMs,
      ...[...leftAtMs.values()].map((sinceMs) => sinceMs + settings.routes.zeroInstanceGraceMs),
      ...[...owners.values()].map(({ goneAtMs }) => (goneAtMs === undefined ? undefined : goneAtMs + OWNER_KEPT_MS)),
    ]),
  };
}

function diagnosticsOf({ disposition }: Translated): readonly Diagnostic[] {
  return disposition.kind === "routed" || disposition.kind === "refused" ? disposition.diagnostics : [];
}

function danglingReference(
  translated: readonly Translated[],
  section: Section,
  name: string,
  missing: NamedReference,
): Diagnostic | undefined {
  const definer = translated.find(
    ({ disposition }) => disposition.kind === "routed" && disposition.fragment.config[section].has(name),
  );
  return definer && diagnose(definer.instance, unknownReference(section, name, missing));
}

function unknownReference(section: Section, name: string, { kind, name: missing }: NamedReference): Finding {
  const isForFiles = kind === "serversTransport" || kind === "tlsOptions";
  return {
    code: "REFERENCE_UNKNOWN",
    message: `${resourceKey(section, name)} refers to the ${kind} ${JSON.stringify(missing)}, which ${isForFiles ? "neither the settings nor a snippet define" : "no service defines"}`,
    remedy: `define it ${isForFiles ? "there, since tags cannot" : "with tags"}, or name its provider, for example ${missing}@file for one in a file of your own`,
  };
}

/** A time that is over has been considered by this very pass; waiting for it again would be a busy loop. */
function earliestAfter(nowMs: number, times: readonly (number | undefined)[]): number | undefined {
  const coming = times.filter((time) => time !== undefined).filter((time) => time > nowMs);
  return coming.length === 0 ? undefined : Math.min(...coming);
}
