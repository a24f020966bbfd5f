import { createHash } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { Diagnostic } from "../core/diagnostics.ts";
import type { Hold } from "../core/memory.ts";
import type { BlindSign } from "../core/snapshot.ts";
import { countRouters, routerLabel } from "../core/traefik/dynamic-config.ts";
import type { AppError } from "../errors.ts";
import type { EventLog } from "./event-log.ts";
import type { Metrics } from "./metrics.ts";
import type { DaemonObserver } from "./observer.ts";
import { routeLine } from "./route-line.ts";
import type { Standing } from "./status.ts";

/** What a source tells; the sources declare the same shape as their reporter. */
export interface SourceTelemetry {
  requested(endpoint: string): void;
  failed(error: AppError, target: string, retryInMs: number, isNews: boolean): void;
  recovered(failures: number, forMs: number): void;
  strategyChosen(strategy: string, reason: string): void;
  sightChanged(sign: BlindSign, isPresent: boolean): void;
  missed(services: readonly string[]): void;
}

/** What tokens and certificates tell; the sources declare the same shape as their reporter. */
export interface CredentialTelemetry {
  credentialsRenewed(message: string): void;
  credentialsWarned(message: string): void;
}

export interface Telemetry extends DaemonObserver, SourceTelemetry, CredentialTelemetry {
  /** Another portolan writes the chart. */
  standingBy(owner: string): void;
  /** Nobody else writes the chart. */
  writesAlone(): void;
  standing(): Standing;
}

export interface TelemetryOptions {
  readonly log: EventLog;
  readonly metrics: Metrics;
  /** Whose chart it is: the label of its metrics, and of its log lines beside the main chart's. */
  readonly edge: string;
  readonly clock: Clock;
  readonly version: string;
  readonly output: string;
}

/** The chart of the setting `output`; others go by the names that the settings give them. */
export const MAIN_EDGE = "main";

/** Each sign that the catalog hides something, in the operator's words. */
const BLINDNESS: Readonly<Record<BlindSign, string>> = {
  filtered: "the token may not see everything (X-Consul-Results-Filtered-By-ACLs); what is missing may still be there",
  "default-deny":
    "nothing is listed and ACLs deny by default: the token is anonymous or has no policy; what is missing may still be there",
  "no-servers":
    "not even Consul's own servers are listed: the token lacks a policy; what is missing may still be there",
  "no-leader": "the server that answers knows of no leader; what is missing may still be there",
};

/** Turns what the daemon and its source tell into log lines, metrics and the status. Decides nothing. */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { metrics, clock, version, output, edge } = options;
  const log = edge === MAIN_EDGE ? options.log : edgeLog(options.log, edge);
  const figures = metrics.ofEdge(edge);
  let standing: Standing = {
    version,
    startedAtMs: clock.nowMs(),
    output,
    generation: 0,
    hash: undefined,
    publishedAtMs: undefined,
    chart: undefined,
    isLive: false,
    hold: undefined,
    leftAtMs: new Map(),
    diagnostics: [],
    writeError: undefined,
    standbyFor: undefined,
  };

  /** Told once, however often it is tried in vain: a full disk is tried every second. */
  let unsavedTold = new Set<string>();
  let unsaved = new Set<string>();

  function tellDiagnostics(next: readonly Diagnostic[]): void {
    const before = new Map(standing.diagnostics.map((diagnostic) => [diagnosticKey(diagnostic), diagnostic]));
    const after = new Map(next.map((diagnostic) => [diagnosticKey(diagnostic), diagnostic]));
    for (const [key, diagnostic] of after) {
      if (before.has(key)) continue;
      const event = diagnostic.severity === "info" ? "diagnostic.noted" : "diagnostic.found";
      log.emit(event, `${describe(diagnostic)}; ${diagnostic.remedy}`, { ...diagnostic });
    }
    for (const [key, diagnostic] of before) {
      if (after.has(key)) continue;
      const { code, subject } = diagnostic;
      log.emit(
        "diagnostic.cleared",
        `${code} is settled for ${subject.origin ?? `${subject.service} (${subject.instance})`}`,
        {
          code,
          subject,
        },
      );
    }
  }

  return {
    standing: () => standing,

    credentialsRenewed: (message) => log.emit("credentials.renewed", message),
    credentialsWarned: (message) => log.emit("credentials.warning", message),

    requested: (endpoint) => metrics.countRequest(endpoint),
    failed(error, target, retryInMs, isNews) {
      metrics.countError(error.code);
      if (!isNews) return;
      log.emit("source.failing", `catalog: ${error.message}; what was last good stays, trying again`, {
        code: error.code,
        target,
        retryInMs: Math.round(retryInMs),
      });
    },
    recovered(failures, forMs) {
      log.emit("source.recovered", `catalog answers again after ${duration(forMs)} (${failures} failed requests)`, {
        failures,
        forMs,
      });
    },
    strategyChosen(strategy, reason) {
      log.emit("source.watching", `catalog read completely; watching ${strategy}: ${reason}`, { strategy, reason });
    },

    sightChanged(sign, isPresent) {
      if (isPresent) log.emit("source.blind", `catalog: ${BLINDNESS[sign]}`, { sign });
      else log.emit("source.sighted", `catalog: it is no longer so that ${BLINDNESS[sign]}`, { sign });
    },
    missed(services) {
      metrics.countMissed(services.length);
      const names = services.slice(0, 5).join(", ");
      log.emit("source.missed", `a complete read found changes that the watch had missed: ${names}`, {
        services: services.length,
      });
    },

    adopted({ routers, storedSlice }) {
      if (routers !== undefined) {
        log.emit(
          "chart.adopted",
          `${output} holds ${count(routers)} of an earlier run, which stay until the catalog says more`,
          {
            routers,
          },
        );
      }
      if (storedSlice === undefined) return;
      const age = duration(clock.nowMs() - storedSlice.readAtMs);
      log.emit("source.stored", `the last good slice, ${age} old, stands in until the catalog answers`, {
        instances: storedSlice.instances.length,
        ageMs: clock.nowMs() - storedSlice.readAtMs,
      });
    },
    setAside(reason, movedTo) {
      log.emit("state.set-aside", `${reason}; moved to ${movedTo}, starting without it`, { movedTo });
    },
    stateNoted(note) {
      log.emit("state.noted", note);
    },

    standingBy(owner) {
      const instead = `${output} is kept up to date by another portolan, ${owner}; this one stands by`;
      log.emit("chart.standby", `${instead} and takes over when that one ends`, { owner });
      standing = { ...standing, standbyFor: owner };
    },
    writesAlone() {
      if (standing.standbyFor === undefined) return;
      log.emit("chart.taken-over", `${output} has no other writer any more; this portolan keeps it up to date now`);
      standing = { ...standing, standbyFor: undefined };
    },

    charted({ decision, slice, published, lagMs }) {
      const { didWrite, warning, meddling, isUnwatched } = published;
      unsavedTold = unsaved;
      unsaved = new Set();
      const nowMs = clock.nowMs();
      if (standing.writeError !== undefined) log.emit("chart.writable", `${output} can be written again`);
      for (const change of decision.changes) {
        const line = routeLine(change);
        log.emit(line.event, line.message, line.data);
      }
      tellDiagnostics(decision.diagnostics);
      const hash = createHash("sha256").update(decision.text).digest("hex").slice(0, 16);
      if (didWrite) {
        figures.count("portolan_chart_generation");
        figures.observeLag(lagMs / 1000);
        figures.set("portolan_chart_published_timestamp_seconds", nowMs / 1000);
        log.emit(
          "chart.published",
          `${output} replaced: ${count(countRouters(decision.chart))}, ${lagMs} ms after the change`,
          {
            hash,
            bytes: Buffer.byteLength(decision.text),
            lagMs,
          },
        );
        if (countRouters(decision.chart) === 0) {
          log.emit("chart.empty", `${output} has no routes: no healthy service carries the tag that exposes it`);
        }
      }
      if (meddling !== undefined) {
        log.emit("chart.repaired", `${output} had been ${meddling} by somebody else and is right again`, { meddling });
      }
      if (isUnwatched)
        log.emit(
          "chart.unwatched",
          `the directory of ${output} was replaced; Traefik watches the old one and sees no change from now on: restart Traefik, and never replace that directory (a SIGHUP makes Traefik read the new one, but only once)`,
        );
      if (warning !== undefined && didWrite) log.emit("chart.warning", warning);
      figures.setHash(hash);
      figures.set("portolan_chart_routers", countRouters(decision.chart));
      figures.set("portolan_chart_routers_held", decision.memory.hold?.routers.length ?? 0);
      figures.set("portolan_chart_routers_emptied", decision.memory.leftAtMs.size);
      figures.set("portolan_instances_quarantined", quarantined(decision.diagnostics));
      standing = {
        ...standing,
        generation: standing.generation + (didWrite ? 1 : 0),
        hash,
        publishedAtMs: didWrite ? nowMs : standing.publishedAtMs,
        chart: decision.chart,
        isLive: standing.isLive || slice.origin === "live",
        hold: decision.memory.hold,
        leftAtMs: decision.memory.leftAtMs,
        diagnostics: decision.diagnostics,
        writeError: undefined,
      };
    },

    held(hold) {
      log.emit(
        "chart.held",
        `${count(hold.routers.length)} held with the servers they had: ${HOLD_REASONS[hold.kind]}`,
        {
          kind: hold.kind,
          routers: hold.routers.map(routerLabel),
          ...(hold.endsAtMs === undefined ? {} : { ends: new Date(hold.endsAtMs).toISOString() }),
        },
      );
    },
    released(hold) {
      log.emit("chart.released", `the hold of ${count(hold.routers.length)} (${hold.kind}) has ended`, {
        kind: hold.kind,
      });
    },
    unwritable(error, retryInMs) {
      figures.count("portolan_chart_write_errors_total");
      if (standing.writeError?.code !== error.code) {
        log.emit("chart.unwritable", `${error.message}; the old file stays, trying again`, {
          code: error.code,
          retryInMs,
        });
      }
      standing = { ...standing, writeError: { code: error.code, message: error.message } };
    },
    stateUnsaved(error) {
      unsaved.add(error.message);
      if (unsavedTold.has(error.message)) return;
      unsavedTold.add(error.message);
      log.emit("state.unsaved", `${error.message}; routes go on`, { code: error.code });
    },
    confirmFailed(error) {
      log.emit("source.unconfirmed", `a removal is not confirmed yet: ${error.message}`, { code: error.code });
    },
  };
}

const HOLD_REASONS: Readonly<Record<Hold["kind"], string>> = {
  "source-away": "the catalog has not answered since the start",
  "catalog-reset":
    "the catalog's index fell back (restarted or restored); services count as gone only after the reset hold",
  "mass-removal": "they would all leave at once; the catalog is read again, consistently, before that is believed",
};

function diagnosticKey({ code, subject, message }: Diagnostic): string {
  return JSON.stringify([code, subject.origin, subject.service, subject.node, subject.instance, subject.tag, message]);
}

function describe({ code, subject, message }: Diagnostic): string {
  if (subject.origin !== undefined) return `${code} ${subject.origin}: ${message}`;
  const tag = subject.tag === undefined ? "" : `, tag ${JSON.stringify(subject.tag)}`;
  return `${code} ${subject.service} (${subject.instance} on ${subject.node}${tag}): ${message}`;
}

function quarantined(diagnostics: readonly Diagnostic[]): number {
  const errors = diagnostics.filter(({ severity, subject }) => severity === "error" && subject.origin === undefined);
  return new Set(errors.map(({ subject }) => `${subject.node}/${subject.instance}`)).size;
}

function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  return `${Math.round(ms / 60_000)} min`;
}

function count(routers: number): string {
  return `${routers} router${routers === 1 ? "" : "s"}`;
}

/** Each line says which chart it is about. */
function edgeLog(log: EventLog, edge: string): EventLog {
  return {
    emit: (event, message, data = {}) => log.emit(event, `${edge}: ${message}`, { ...data, edge }),
    setLevel: (level) => log.setLevel(level),
  };
}
