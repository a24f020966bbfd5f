import { createHash } from "node:crypto";
import type { PassReport } from "./observer.ts";
import { type ReportedDiagnostics, reportedDiagnostics } from "./reported-diagnostics.ts";

/** A pass with what several listeners need to know of it, worked out once. */
export interface ChartedPass extends PassReport {
  /** The first 16 digits of the SHA-256 of the chart's text: equal charts have equal hashes on every node. */
  readonly hash: string;
  readonly diagnostics: ReportedDiagnostics;
}

/** The pass as its listeners see it. */
export function chartedPass(report: PassReport): ChartedPass {
  const { text, diagnostics } = report.decision;
  return {
    ...report,
    hash: chartHash(text),
    diagnostics: reportedDiagnostics(diagnostics),
  };
}

/** The first 16 digits of the SHA-256 of a chart's text. */
export function chartHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
