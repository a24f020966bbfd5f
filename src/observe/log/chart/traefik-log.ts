import type { Clock } from "../../../base/clock.ts";
import { count } from "../../../base/count.ts";
import type { Diagnostic } from "../../../core/diagnostics/diagnostics.ts";
import { isUntaken, type TraefikResult, type TraefikUnread } from "../../../core/traefik-result/traefik-result.ts";
import type { TraefikObserver } from "../../observer.ts";
import { reportedDiagnostics } from "../../reported-diagnostics.ts";
import { duration } from "../duration.ts";
import type { EventLog } from "../event-log.ts";
import { tellFound, tellSettled } from "./diagnostic-line.ts";
import { diagnosticKey } from "./settled-diagnostics.ts";

/** So many at once are told one by one: an entry point that goes may take every router with it. */
const MOST_LINES = 20;

/** What the log says about the Traefik that reads the chart: each thing once, and again when it is over. */
export function createTraefikLog(log: EventLog, clock: Pick<Clock, "nowMs">): TraefikObserver {
  let isRead = false;
  /** The reason that was told why it cannot be read. */
  let toldUnread: string | undefined;
  let untakenSinceMs: number | undefined;
  let known: ReadonlyMap<string, Diagnostic> = new Map();

  function tellUnread({ code, message }: TraefikUnread, api: string): void {
    isRead = false;
    if (toldUnread === code) return;
    toldUnread = code;
    log.emit("traefik.unread", `${message}; routes go on, and what Traefik makes of them is not known`, { code, api });
  }

  function tellRead({ traefik, taking }: TraefikResult, api: string): void {
    if (isRead || taking.kind === "waiting") return;
    isRead = true;
    toldUnread = undefined;
    const has = taking.kind === "taken" ? ", and has the chart" : "";
    log.emit("traefik.read", `Traefik ${traefik.version} answers at ${api}${has}`, { api, traefik: traefik.version });
  }

  function tellTaking({ taking, traefik }: TraefikResult, diagnostics: readonly Diagnostic[]): void {
    if (isUntaken(taking)) {
      if (untakenSinceMs !== undefined) return;
      untakenSinceMs = taking.sinceMs;
      const [whole] = diagnostics;
      const message = whole === undefined ? "Traefik has not the chart" : `${whole.message}; ${whole.remedy}`;
      log.emit("traefik.untaken", message, { has: taking.kind, since: new Date(taking.sinceMs).toISOString() });
    } else if (taking.kind === "taken" && untakenSinceMs !== undefined) {
      const forMs = clock.nowMs() - untakenSinceMs;
      untakenSinceMs = undefined;
      log.emit("traefik.taken", `Traefik ${traefik.version} has the chart, ${duration(forMs)} after it was published`, {
        forMs,
      });
    }
  }

  function tellDiagnostics(diagnostics: readonly Diagnostic[]): void {
    const before = known;
    const { reported } = reportedDiagnostics(diagnostics);
    known = new Map(reported.map((diagnostic) => [diagnosticKey(diagnostic), diagnostic]));
    const found = [...known].filter(([key]) => !before.has(key)).map(([, diagnostic]) => diagnostic);
    for (const diagnostic of found.slice(0, MOST_LINES)) tellFound(log, diagnostic);
    const more = found.length - MOST_LINES;
    if (more > 0) {
      log.emit("diagnostic.untold", `${count(more, "more diagnostic")} by Traefik's API; the status has them`, {
        untold: more,
      });
    }
    const over = [...before].filter(([key]) => !known.has(key)).map(([, diagnostic]) => diagnostic);
    for (const diagnostic of over.slice(0, MOST_LINES)) tellSettled(log, diagnostic);
  }

  return {
    traefikRead(report) {
      if (report === undefined) {
        tellDiagnostics([]);
        isRead = false;
        toldUnread = undefined;
        untakenSinceMs = undefined;
        return;
      }
      const { api, result, unread, diagnostics } = report;
      if (unread !== undefined) return tellUnread(unread, api);
      if (result === undefined) return;
      tellRead(result, api);
      // The chart as a whole has lines of its own, and is the first of the diagnostics.
      tellTaking(result, diagnostics);
      tellDiagnostics(isUntaken(result.taking) ? diagnostics.slice(1) : diagnostics);
    },
  };
}
