import { count } from "../../../base/count.ts";
import type { Diagnostic } from "../../../core/diagnostics/diagnostics.ts";
import type { ChartedPass } from "../../charted-pass.ts";
import type { EventLog } from "../event-log.ts";
import { tellFound, tellSettled } from "./diagnostic-line.ts";
import { createSettled, diagnosticKey } from "./settled-diagnostics.ts";

/** What the log says about diagnostics: each when it appears and when it is gone, and how many more there are. */
export interface DiagnosticLog {
  /** What is true after a pass; a pass that changes nothing logs nothing. */
  report(pass: Pick<ChartedPass, "diagnostics" | "snapshots" | "decision">): void;
}

export function createDiagnosticLog(log: EventLog): DiagnosticLog {
  /** What was told and has not been told as settled, by its key. */
  let known: ReadonlyMap<string, Diagnostic> = new Map();
  /** How many were suppressed when that was logged last. */
  let suppressedThen = 0;

  function reportChanges(pass: Pick<ChartedPass, "diagnostics" | "snapshots" | "decision">): void {
    const before = known;
    const now = new Map(pass.diagnostics.reported.map((diagnostic) => [diagnosticKey(diagnostic), diagnostic]));
    for (const [key, diagnostic] of now) {
      if (before.has(key)) continue;
      tellFound(log, diagnostic);
    }
    const missing = [...before].filter(([key]) => !now.has(key));
    if (missing.length > 0) {
      const endOf = createSettled(
        pass,
        missing.map(([, diagnostic]) => diagnostic),
      );
      for (const [key, diagnostic] of missing) {
        const end = endOf(diagnostic);
        if (end === "open") now.set(key, diagnostic);
        else if (end !== "told otherwise") tellSettled(log, diagnostic, end);
      }
    }
    known = now;
  }

  /** Logged when there are any, and again when there are twice as many: their number may change with every pass. */
  function reportSuppressed(suppressed: number): void {
    if (suppressed > 0 && suppressed < 2 * suppressedThen) return;
    if (suppressed > 0) {
      const more = `${count(suppressed, "more diagnostic")} ${suppressed === 1 ? "is" : "are"}`;
      log.emit("diagnostic.untold", `${more} neither logged nor in the status; correct those that are`, {
        untold: suppressed,
      });
    }
    suppressedThen = suppressed;
  }

  return {
    report(pass) {
      reportChanges(pass);
      reportSuppressed(pass.diagnostics.suppressed);
    },
  };
}
