import type { Diagnostic, DiagnosticSubject } from "../core/diagnostics/diagnostics.ts";

/** The diagnostics that log and status report one by one, and how many there are besides. */
export interface ReportedDiagnostics {
  readonly reported: readonly Diagnostic[];
  readonly suppressed: number;
}

/** Many diagnostics of one service must not hide those of the other services. */
const MOST_OF_SERVICE = 50;
const MOST = 1_000;

/**
 * The first diagnostics of each service (or file of the operator's), in the order in which they come: at most 50 of each
 * and 1,000 altogether. The rest is counted.
 */
export function reportedDiagnostics(all: readonly Diagnostic[]): ReportedDiagnostics {
  const counts = new Map<string, number>();
  const reported: Diagnostic[] = [];
  for (const diagnostic of all) {
    if (reported.length === MOST) break;
    const owner = ownerOf(diagnostic.subject);
    const count = (counts.get(owner) ?? 0) + 1;
    counts.set(owner, count);
    if (count <= MOST_OF_SERVICE) reported.push(diagnostic);
  }
  return { reported, suppressed: all.length - reported.length };
}

function ownerOf({ origin, catalog = "", service }: DiagnosticSubject): string {
  return origin === undefined ? `${catalog}:${service}` : `file ${origin}`;
}
