import { diffCharts, type RouteChange } from "./changes.ts";
import type { Diagnostic } from "./diagnostics.ts";
import type { Memory } from "./memory.ts";
import { mergeFragments } from "./merge/merge.ts";
import { OWNER_KEPT_MS, ownersOfPublished } from "./merge/ownership.ts";
import { countServed, findDepartures } from "./policy/departures.ts";
import { judgeRemoval } from "./policy/guard.ts";
import { keepPublished } from "./policy/keep.ts";
import { dropDangling } from "./policy/references.ts";
import { presenceOf, servicePresence } from "./presence.ts";
import type { CoreSettings } from "./settings.ts";
import { instanceKey, type Slice } from "./snapshot.ts";
import { HTTP_SECTIONS, type HttpConfig, type HttpSection } from "./traefik/dynamic-config.ts";
import type { NamedReference } from "./traefik/references.ts";
import { renderChart } from "./traefik/render.ts";
import { diagnose } from "./translate/finding.ts";
import { type Translated, translateInstance } from "./translate/instance.ts";

export interface ReconcileInput {
  readonly slice: Slice;
  readonly previous: Memory;
  readonly settings: CoreSettings;
  readonly nowMs: number;
}

/** What should be published, and everything worth telling about it. */
export interface Decision {
  /** The chart's bytes; equal to the published ones where nothing has changed. */
  readonly text: string;
  readonly chart: HttpConfig;
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
export function reconcile({ slice, previous, settings, nowMs }: ReconcileInput): Decision {
  const translated = slice.instances.map((instance) => translateInstance(instance, settings));
  const merged = mergeFragments(translated, previous, nowMs);
  const sound = dropDangling(merged.config, (section, name, missing) =>
    danglingReference(translated, section, name, missing),
  );
  const desired = sound.config;
  const wanted = new Set(
    HTTP_SECTIONS.flatMap((section) => [...desired[section].keys()].map((name) => `${section}/${name}`)),
  );
  const owners = ownersOfPublished(merged.owners, previous.owners, (key) => wanted.has(key), nowMs);

  const departures = findDepartures(desired, previous, servicePresence(translated));
  const published = previous.chart;
  const hold = judgeRemoval({
    departing: departures.filter((departure) => departure.leftAtMs === undefined).map(({ router }) => router),
    served: published === undefined ? 0 : countServed(published),
    slice,
    hold: previous.hold,
    settings: settings.guard,
    nowMs,
  });

  const held = new Set(hold?.routers);
  const leftAtMs = new Map<string, number>();
  const departureReasons = new Map<string, string>();
  for (const { router, why, keepsGrace, leftAtMs: sinceMs = nowMs } of departures) {
    const isOver = slice.origin === "live" && nowMs >= sinceMs + settings.routes.zeroInstanceGraceMs;
    departureReasons.set(router, isOver ? "no instance came back in time" : why);
    if (keepsGrace && !isOver && !held.has(router)) leftAtMs.set(router, sinceMs);
  }
  const chart =
    published === undefined ? desired : keepPublished(desired, published, { held, emptied: leftAtMs.keys() });

  const memory: Memory = {
    chart,
    owners,
    leftAtMs,
    hold,
    origins: merged.origins,
    presence: new Map(translated.map(({ instance, disposition }) => [instanceKey(instance), presenceOf(disposition)])),
  };
  return {
    text: renderChart(chart),
    chart,
    changes: diffCharts(published, chart, {
      before: previous,
      after: memory,
      departureReasons,
    }),
    diagnostics: [...translated.flatMap(diagnosticsOf), ...merged.diagnostics, ...sound.diagnostics],
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
  section: HttpSection,
  name: string,
  missing: NamedReference,
): Diagnostic | undefined {
  const definer = translated.find(
    ({ disposition }) => disposition.kind === "routed" && disposition.fragment[section].has(name),
  );
  if (definer === undefined) return undefined;
  return diagnose(definer.instance, {
    code: "REFERENCE_UNKNOWN",
    message: `${section}/${name} refers to the ${missing.kind} ${JSON.stringify(missing.name)}, which no service defines`,
    remedy: `define it with tags, or name its provider, for example ${missing.name}@file for one in a file of your own`,
  });
}

/** A time that is over has been considered by this very pass; waiting for it again would be a busy loop. */
function earliestAfter(nowMs: number, times: readonly (number | undefined)[]): number | undefined {
  const coming = times.filter((time) => time !== undefined).filter((time) => time > nowMs);
  return coming.length === 0 ? undefined : Math.min(...coming);
}
