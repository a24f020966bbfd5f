import type { Diagnostic, DiagnosticSubject } from "../core/diagnostics/diagnostics.ts";

/** The diagnostics that log and status tell one by one, and how many there are besides. */
export interface ToldDiagnostics {
  readonly told: readonly Diagnostic[];
  readonly untold: number;
}

/** One service's flood must not drown what others have to be told. */
const MOST_OF_SERVICE = 50;
const MOST = 1_000;

/** The first of each service (or file of the operator's), in the order in which they come, and not too many altogether. */
export function toldDiagnostics(all: readonly Diagnostic[]): ToldDiagnostics {
  const counts = new Map<string, number>();
  const told: Diagnostic[] = [];
  for (const diagnostic of all) {
    if (told.length === MOST) break;
    const whose = ownerOf(diagnostic.subject);
    const count = (counts.get(whose) ?? 0) + 1;
    counts.set(whose, count);
    if (count <= MOST_OF_SERVICE) told.push(diagnostic);
  }
  return { told, untold: all.length - told.length };
}

function ownerOf({ origin, catalog = "", service }: DiagnosticSubject): string {
  return origin === undefined ? `${catalog}:${service}` : `file ${origin}`;
}
