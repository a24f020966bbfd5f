import type { ChartSummary } from "../../api/resources/status.ts";
import { SEVERITIES } from "../../api/resources/words.ts";
import type { Diagnostic } from "../../core/diagnostics/diagnostics.ts";
import { memoize } from "../../core/incremental/memoize.ts";

/** How many diagnostics of a chart have a code. */
export type CodeCount = ChartSummary["diagnostics"][number];

/** The codes that diagnostics have, each with how many there are: errors first, then by code. */
export const countByCode = memoize((diagnostics: readonly Diagnostic[]): readonly CodeCount[] => {
  const counts = new Map<string, CodeCount>();
  for (const { code, severity } of diagnostics) {
    counts.set(code, { code, severity, count: (counts.get(code)?.count ?? 0) + 1 });
  }
  const rank = ({ code, severity }: CodeCount) => `${SEVERITIES.indexOf(severity)} ${code}`;
  return [...counts.values()].sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
});
