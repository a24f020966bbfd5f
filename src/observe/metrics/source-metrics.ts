import { Counter, Gauge, type Registry } from "prom-client";
import { PARTIAL_VIEW_REASONS, type PartialViewReason } from "../../core/catalog/snapshot.ts";
import type { SourceObserver } from "../observer.ts";
import { family } from "./family.ts";

/** The metrics about reading catalogs, with the label `source`. */
export type SourceFamilies = ReturnType<typeof sourceFamilies>;

export function sourceFamilies(registers: readonly Registry[]) {
  const source = ["source"] as const;
  return {
    up: new Gauge(family("portolan_source_up", source, registers)),
    blind: new Gauge(family("portolan_source_blind", source, registers)),
    signs: new Gauge(family("portolan_source_signs", ["source", "reason"], registers)),
    age: new Gauge(family("portolan_source_age_seconds", source, registers)),
    answerAge: new Gauge(family("portolan_source_answer_age_seconds", source, registers)),
    openRequests: new Gauge(family("portolan_source_open_requests", source, registers)),
    requests: new Counter(family("portolan_source_requests_total", ["source", "endpoint"], registers)),
    errors: new Counter(family("portolan_source_errors_total", ["source", "code"], registers)),
    missed: new Counter(family("portolan_source_missed_changes_total", source, registers)),
    eventStreams: new Gauge(family("portolan_source_event_streams", source, registers)),
    reopened: new Counter(family("portolan_source_event_streams_reopened_total", source, registers)),
  };
}

/** Keeps the counters of one source, under its label. */
export function createSourceMetrics(
  families: SourceFamilies,
  source: string,
): Pick<SourceObserver, "requested" | "failed" | "missed" | "eventsReopened"> {
  families.missed.inc({ source }, 0);
  return {
    requested: (endpoint) => families.requests.inc({ source, endpoint }),
    failed: ({ code }) => families.errors.inc({ source, code }),
    missed: (services) => families.missed.inc({ source }, services.length),
    eventsReopened: () => families.reopened.inc({ source }),
  };
}

/** What a source says of itself when the metrics are asked for. */
export interface SourceReading {
  /** It has been read completely since the start, and has not been silent for too long. */
  readonly isUp: boolean;
  /** Something that it showed may be hidden; undefined while no chart is made of what it says. */
  readonly isBlind: boolean | undefined;
  /** Why it may not show all it has; undefined before it is read. */
  readonly signs: readonly PartialViewReason[] | undefined;
  /** When it last answered without an error; before the first answer, since when it is watched. */
  readonly answeredAtMs: number;
  readonly openRequests: number;
  readonly answerAgeMs: number | undefined;
  /** Open streams of events; undefined where the catalog has none. */
  readonly eventStreams: number | undefined;
}

/** Sets the gauges of one source, which change with time, to what is true at `nowMs`. */
export function showSource(
  families: SourceFamilies,
  source: string,
  { isUp, isBlind, signs, answeredAtMs, openRequests, answerAgeMs, eventStreams }: SourceReading,
  nowMs: number,
): void {
  families.up.set({ source }, isUp ? 1 : 0);
  if (isBlind === undefined) families.blind.remove({ source });
  else families.blind.set({ source }, isBlind ? 1 : 0);
  for (const reason of signs === undefined ? [] : PARTIAL_VIEW_REASONS) {
    families.signs.set({ source, reason }, signs?.includes(reason) === true ? 1 : 0);
  }
  families.age.set({ source }, (nowMs - answeredAtMs) / 1000);
  families.openRequests.set({ source }, openRequests);
  if (eventStreams !== undefined) families.eventStreams.set({ source }, eventStreams);
  if (answerAgeMs !== undefined) families.answerAge.set({ source }, answerAgeMs / 1000);
}
