import { createHash } from "node:crypto";
import type { Clock } from "../base/clock.ts";
import type { Diagnostic, DiagnosticSubject } from "../core/diagnostics/diagnostics.ts";
import type { Hold } from "../core/removals/hold.ts";
import { countRouters, routerLabel } from "../core/traefik/chart/dynamic-config.ts";
import type { Standing } from "./chart-status.ts";
import { duration } from "./duration.ts";
import type { EventLog } from "./event-log.ts";
import { holdReason } from "./hold-reason.ts";
import type { Metrics } from "./metrics.ts";
import type { DaemonObserver } from "./observer.ts";
import { toldDiagnostics } from "./reported-diagnostics.ts";
import { routeLine } from "./route-line.ts";

export interface Telemetry extends DaemonObserver {
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
  /** The label `source` of a catalog that has no name in the settings. */
  readonly source: string;
  readonly clock: Clock;
  readonly version: string;
  readonly output: string;
}

/** The chart of the setting `output`; others go by the names that the settings give them. */
export const MAIN_EDGE = "main";

/** Turns what the daemon tells into log lines, metrics and the status. Decides nothing. */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { metrics, clock, version, output, edge, source } = options;
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
    snapshots: [],
    holds: [],
    leftAtMs: new Map(),
    diagnostics: [],
    untoldDiagnostics: 0,
    writeError: undefined,
    standbyFor: undefined,
  };

  /** Told once, however often it is tried in vain: a full disk is tried every second. */
  let unsavedTold = new Set<string>();
  let unsaved = new Set<string>();

  /** How many diagnostics were not told one by one when that was said last. */
  let untoldSaid = 0;

  function tellUntold(untold: number): void {
    // Said when there is something, and again when it has doubled: their number may change with every pass.
    if (untold > 0 && untold < 2 * untoldSaid) return;
    if (untold > 0) {
      log.emit(
        "diagnostic.untold",
        `${untold} more diagnostics are neither logged nor in the status; correct those that are`,
        { untold },
      );
    }
    untoldSaid = untold;
  }

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
        `${code} is settled for ${subject.origin ?? `${serviceIn(subject)} (${subject.instance})`}`,
        {
          code,
          subject,
        },
      );
    }
  }

  return {
    standing: () => standing,

    adopted({ routers, storedSnapshots }) {
      if (routers !== undefined) {
        log.emit(
          "chart.adopted",
          `${output} holds ${count(routers)} of an earlier run, which stay until the catalog says more`,
          {
            routers,
          },
        );
      }
      for (const { catalogName, readAtMs, instances } of storedSnapshots) {
        const catalog = catalogName === undefined ? "the catalog" : `catalog ${catalogName}`;
        const age = duration(clock.nowMs() - readAtMs);
        log.emit("source.stored", `the last good slice, ${age} old, stands in until ${catalog} answers`, {
          ...whose(catalogName),
          instances: instances.length,
          ageMs: clock.nowMs() - readAtMs,
        });
      }
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

    rolledBack({ number, sinceMs }) {
      const since = new Date(sinceMs).toISOString();
      log.emit(
        "chart.rolled-back",
        `${output} is version ${number} again since ${since}, by hand; the catalog's news is not published until portolan release`,
        { version: number, since },
      );
    },
    rollbackEnded(number) {
      log.emit("chart.released", `the rollback of ${output} to version ${number} was ended by hand`, {
        kind: "rollback",
        version: number,
        by: "hand",
      });
    },

    charted({ decision, snapshots, published, lagMs, rollback }) {
      const { didWrite, warning, externalChange, isUnwatched } = published;
      unsavedTold = unsaved;
      unsaved = new Set();
      const nowMs = clock.nowMs();
      const unread = snapshots
        .filter(({ freshness }) => freshness === "unread")
        .map(({ catalogName = "" }) => catalogName);
      if (unread.length > 0 && standing.chart === undefined) {
        log.emit(
          "chart.partial",
          `${output} is charted without ${unread.join(", ")}, of which nothing has been read yet and no last good slice is kept`,
          {
            catalogs: unread,
          },
        );
      }
      if (standing.writeError !== undefined) log.emit("chart.writable", `${output} can be written again`);
      for (const change of decision.changes) {
        const line = routeLine(change);
        log.emit(line.event, line.message, line.data);
      }
      const { told, untold } = toldDiagnostics(decision.diagnostics);
      tellDiagnostics(told);
      tellUntold(untold);
      const { holds } = decision.memory;
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
      if (externalChange !== undefined) {
        log.emit("chart.repaired", `${output} had been ${externalChange} by somebody else and is right again`, {
          meddling: externalChange,
        });
      }
      if (isUnwatched)
        log.emit(
          "chart.unwatched",
          `the directory of ${output} was replaced; Traefik watches the old one and sees no change from now on: restart Traefik, and never replace that directory (a SIGHUP makes Traefik read the new one, but only once)`,
        );
      if (warning !== undefined && didWrite) log.emit("chart.warning", warning);
      figures.setHash(hash);
      figures.set("portolan_chart_routers", countRouters(decision.chart));
      figures.set("portolan_chart_routers_held", heldRouters(holds));
      for (const { catalogName } of snapshots) {
        figures.setHeld(catalogName ?? source, heldRouters(holds.filter((hold) => hold.catalogName === catalogName)));
      }
      figures.set("portolan_chart_routers_emptied", decision.memory.leftAtMs.size);
      figures.set("portolan_instances_quarantined", quarantined(decision.diagnostics));
      standing = {
        ...standing,
        generation: standing.generation + (didWrite ? 1 : 0),
        hash,
        publishedAtMs: didWrite ? nowMs : standing.publishedAtMs,
        chart: decision.chart,
        snapshots: snapshots.map(({ catalogName, freshness }) => ({ catalogName, freshness })),
        holds,
        leftAtMs: decision.memory.leftAtMs,
        diagnostics: told,
        untoldDiagnostics: untold,
        writeError: undefined,
        rollback,
      };
    },

    held(hold) {
      log.emit("chart.held", `${count(hold.routers.length)} held with the servers they had: ${holdReason(hold)}`, {
        ...whose(hold.catalogName),
        kind: hold.kind,
        routers: hold.routers.map(routerLabel),
        ...(hold.endsAtMs === undefined ? {} : { ends: new Date(hold.endsAtMs).toISOString() }),
      });
    },
    released(hold, isByHand) {
      const { catalogName, kind } = hold;
      const reason = catalogName === undefined ? kind : `${catalogName}: ${kind}`;
      log.emit(
        "chart.released",
        `the hold of ${count(hold.routers.length)} (${reason}) ${isByHand ? "was ended by hand" : "has ended"}`,
        {
          ...whose(catalogName),
          kind,
          ...(isByHand ? { by: "hand" } : {}),
        },
      );
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
    confirmFailed(error, catalogName) {
      const where = catalogName === undefined ? "" : ` by ${catalogName}`;
      log.emit("source.unconfirmed", `a removal is not confirmed yet${where}: ${error.message}`, {
        ...whose(catalogName),
        code: error.code,
      });
    },
  };
}

/** The catalog's name as data, where it has one. */
function whose(catalogName: string | undefined): { readonly catalog?: string } {
  return catalogName === undefined ? {} : { catalog: catalogName };
}

function serviceIn({ catalog, service }: DiagnosticSubject): string {
  return catalog === undefined ? service : `${catalog}:${service}`;
}

function heldRouters(holds: readonly Hold[]): number {
  return holds.reduce((sum, { routers }) => sum + routers.length, 0);
}

function diagnosticKey({ code, subject, message }: Diagnostic): string {
  return JSON.stringify([
    code,
    subject.origin,
    subject.catalog,
    subject.service,
    subject.node,
    subject.instance,
    subject.tag,
    message,
  ]);
}

function describe({ code, subject, message }: Diagnostic): string {
  if (subject.origin !== undefined) return `${code} ${subject.origin}: ${message}`;
  const tag = subject.tag === undefined ? "" : `, tag ${JSON.stringify(subject.tag)}`;
  return `${code} ${serviceIn(subject)} (${subject.instance} on ${subject.node}${tag}): ${message}`;
}

function quarantined(diagnostics: readonly Diagnostic[]): number {
  const errors = diagnostics.filter(({ severity, subject }) => severity === "error" && subject.origin === undefined);
  return new Set(errors.map(({ subject }) => `${subject.catalog}/${subject.node}/${subject.instance}`)).size;
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
