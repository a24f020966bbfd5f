import type { Diagnostic } from "../core/diagnostics.ts";
import type { Hold } from "../core/memory.ts";
import { endpointOf, serversOf } from "../core/merge/definition.ts";
import type { BlindSign } from "../core/snapshot.ts";
import {
  countRouters,
  type DynamicConfig,
  kindOf,
  protocolOf,
  type ResourceKey,
  routerLabel,
  routersOf,
  SECTIONS,
  serviceOf,
} from "../core/traefik/dynamic-config.ts";

/** How a source stands, as it tells itself. */
export interface SourceStanding {
  readonly source: string;
  readonly strategy: string;
  readonly strategyReason: string;
  readonly services: number;
  readonly openRequests: number;
  readonly connectionBudget: number;
  readonly lastSuccessAtMs: number | undefined;
  readonly answerAgeMs: number | undefined;
  readonly signs: readonly BlindSign[];
  readonly missedChanges: number;
  readonly consecutiveFailures: number;
  readonly lastError: { readonly code: string; readonly message: string } | undefined;
}

/** What the daemon knows about itself; the telemetry keeps it up to date. */
export interface Standing {
  readonly version: string;
  readonly startedAtMs: number;
  readonly output: string;
  readonly generation: number;
  readonly hash: string | undefined;
  readonly publishedAtMs: number | undefined;
  readonly chart: DynamicConfig | undefined;
  /** Did the source ever answer completely since the start? */
  readonly isLive: boolean;
  readonly hold: Hold | undefined;
  readonly leftAtMs: ReadonlyMap<ResourceKey, number>;
  readonly diagnostics: readonly Diagnostic[];
  readonly writeError: { readonly code: string; readonly message: string } | undefined;
  /** The other portolan that writes the chart. */
  readonly standbyFor: string | undefined;
}

export interface Readiness {
  readonly isReady: boolean;
  /** Why, in the words for an operator; the first is the most important. */
  readonly reasons: readonly string[];
}

/**
 * Is the chart what the catalog says, as far as one can know? Red while another portolan writes it, before the first complete read, while the file cannot
 * be written, and when the catalog has been silent for longer than any long poll lasts.
 */
export function judgeReadiness(
  standing: Standing,
  source: SourceStanding,
  staleAfterMs: number,
  nowMs: number,
): Readiness {
  const { standbyFor } = standing;
  if (standbyFor !== undefined) {
    return {
      isReady: false,
      reasons: [`standing by: another portolan, ${standbyFor}, keeps ${standing.output} up to date`],
    };
  }
  const reasons: string[] = [];
  if (standing.writeError !== undefined) reasons.push(`the chart cannot be written: ${standing.writeError.message}`);
  if (!standing.isLive) {
    const stored = standing.chart === undefined ? "nothing is published" : "the last good chart is served";
    reasons.push(`the catalog has not been read completely yet; ${stored}`);
  }
  const silentMs = nowMs - (source.lastSuccessAtMs ?? standing.startedAtMs);
  if (standing.isLive && silentMs > staleAfterMs) {
    reasons.push(`the catalog has not answered for ${Math.round(silentMs / 1000)} s; the last good chart is served`);
  }
  return { isReady: reasons.length === 0, reasons };
}

/** A readiness with the reasons of another chart, which is as much part of it. */
export function withEdge(all: Readiness, edge: string, one: Readiness): Readiness {
  const news = one.reasons.filter((reason) => !all.reasons.includes(reason)).map((reason) => `${edge}: ${reason}`);
  return { isReady: all.isReady && one.isReady, reasons: [...all.reasons, ...news] };
}

/** The status as JSON, for people with curl and for other commands. Times as ISO 8601, ages in seconds. */
export function statusView(standing: Standing, source: SourceStanding, readiness: Readiness, nowMs: number): object {
  const { chart, ...others } = chartView(standing);
  return {
    version: standing.version,
    uptimeSeconds: seconds(nowMs - standing.startedAtMs),
    ready: readiness.isReady,
    reasons: readiness.reasons,
    chart,
    source: {
      ...source,
      lastSuccessAtMs: undefined,
      answerAgeMs: undefined,
      answerAgeSeconds: source.answerAgeMs === undefined ? null : seconds(source.answerAgeMs),
      ageSeconds: source.lastSuccessAtMs === undefined ? null : seconds(nowMs - source.lastSuccessAtMs),
    },
    ...others,
  };
}

/** One chart: what is published, what is held, what is wrong, and every route. */
export function chartView(standing: Standing) {
  const { chart, hold } = standing;
  return {
    chart: {
      output: standing.output,
      generation: standing.generation,
      hash: standing.hash ?? null,
      publishedAt: isoTime(standing.publishedAtMs),
      routers: chart === undefined ? 0 : countRouters(chart),
      services: countOf(chart, "services"),
      middlewares: countOf(chart, "middlewares"),
      held:
        hold === undefined
          ? null
          : {
              ...hold,
              routers: hold.routers.map(routerLabel),
              sinceMs: undefined,
              endsAtMs: undefined,
              since: isoTime(hold.sinceMs),
              ends: isoTime(hold.endsAtMs),
            },
      emptied: [...standing.leftAtMs].map(([router, leftAtMs]) => ({
        router: routerLabel(router),
        since: isoTime(leftAtMs),
      })),
    },
    writeError: standing.writeError ?? null,
    diagnostics: standing.diagnostics,
    routes: chart === undefined ? [] : routesView(chart, standing),
  };
}

function routesView(chart: DynamicConfig, { hold, leftAtMs }: Standing): readonly unknown[] {
  const held = new Set(hold?.routers);
  return [...routersOf(chart)].map(({ key, section, name, router }) => {
    const service = serviceOf(chart, section, String(router["service"]));
    return {
      router: name,
      protocol: protocolOf(section),
      rule: router["rule"],
      service: router["service"],
      servers: service === undefined ? [] : serversOf(service).map(endpointOf),
      state: held.has(key) ? "held" : leftAtMs.has(key) ? "emptied" : "live",
    };
  });
}

function countOf(chart: DynamicConfig | undefined, kind: string): number {
  if (chart === undefined) return 0;
  return SECTIONS.filter((section) => kindOf(section) === kind).reduce((sum, section) => sum + chart[section].size, 0);
}

function isoTime(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : new Date(timeMs).toISOString();
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
