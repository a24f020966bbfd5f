import type { Diagnostic, DiagnosticSubject } from "../../../core/diagnostics/diagnostics.ts";
import type { ReportedDiagnostics } from "../../reported-diagnostics.ts";
import type { EventLog } from "../event-log.ts";

/** What the log says about diagnostics: each when it appears and when it is gone, and how many more there are. */
export interface DiagnosticLog {
  /** What is true after a pass; a pass that changes nothing logs nothing. */
  report(diagnostics: ReportedDiagnostics): void;
}

export function createDiagnosticLog(log: EventLog): DiagnosticLog {
  let known: ReadonlyMap<string, Diagnostic> = new Map();
  /** How many were suppressed when that was logged last. */
  let suppressedThen = 0;

  function reportChanges(reported: readonly Diagnostic[]): void {
    const before = known;
    known = new Map(reported.map((diagnostic) => [keyOf(diagnostic), diagnostic]));
    for (const [key, diagnostic] of known) {
      if (before.has(key)) continue;
      const event = diagnostic.severity === "info" ? "diagnostic.noted" : "diagnostic.found";
      log.emit(event, `${described(diagnostic)}; ${diagnostic.remedy}`, { ...diagnostic });
    }
    for (const [key, { code, subject }] of before) {
      if (known.has(key)) continue;
      const whose = subject.origin ?? `${serviceIn(subject)} (${subject.instance})`;
      log.emit("diagnostic.cleared", `${code} is settled for ${whose}`, { code, subject });
    }
  }

  /** Logged when there are any, and again when there are twice as many: their number may change with every pass. */
  function reportSuppressed(suppressed: number): void {
    if (suppressed > 0 && suppressed < 2 * suppressedThen) return;
    if (suppressed > 0) {
      log.emit(
        "diagnostic.untold",
        `${suppressed} more diagnostics are neither logged nor in the status; correct those that are`,
        { untold: suppressed },
      );
    }
    suppressedThen = suppressed;
  }

  return {
    report({ reported, suppressed }) {
      reportChanges(reported);
      reportSuppressed(suppressed);
    },
  };
}

function serviceIn({ catalog, service }: DiagnosticSubject): string {
  return catalog === undefined ? service : `${catalog}:${service}`;
}

/** Two diagnostics with the same key are the same one, found again. */
function keyOf({ code, subject, message }: Diagnostic): string {
  const { origin, catalog, service, node, instance, tag } = subject;
  return JSON.stringify([code, origin, catalog, service, node, instance, tag, message]);
}

function described({ code, subject, message }: Diagnostic): string {
  if (subject.origin !== undefined) return `${code} ${subject.origin}: ${message}`;
  const tag = subject.tag === undefined ? "" : `, tag ${JSON.stringify(subject.tag)}`;
  return `${code} ${serviceIn(subject)} (${subject.instance} on ${subject.node}${tag}): ${message}`;
}
