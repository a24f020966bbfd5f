import type { DiagnosticRow, DiagnosticsAnswer } from "../../api/resources/diagnostics.ts";
import { SEVERITIES, type Severity } from "../../api/resources/words.ts";
import { type RowFields, rowFilter } from "../parts/row-filter.ts";

/** What one service, or one file of the operator's, has of a code. */
export interface OwnerGroup {
  readonly key: string;
  readonly owner: string;
  /** Whether the owner is a service of the catalog, which can be explained. */
  readonly isService: boolean;
  readonly rows: readonly DiagnosticRow[];
}

/** All diagnostics of one code. */
export interface CodeGroup {
  readonly code: string;
  readonly severity: Severity;
  /** Its line in docs/diagnostics.md. */
  readonly means: string;
  readonly owners: readonly OwnerGroup[];
  readonly count: number;
}

/** Errors first, then the codes that concern most; within a code by owner. */
export function codeGroups(rows: readonly DiagnosticRow[], codes: DiagnosticsAnswer["codes"]): readonly CodeGroup[] {
  return [...Map.groupBy(rows, ({ code }) => code)]
    .map(([code, own]): CodeGroup => {
      const [one] = own;
      const owners = [...Map.groupBy(own, ownerOf)].map(([owner, of]): OwnerGroup => {
        const isService = of.some((row) => originOf(row) === undefined);
        return { key: `${code} ${owner}`, owner, isService, rows: of };
      });
      return {
        ...{ code, severity: one?.severity ?? "info", means: codes[code] ?? "", count: own.length },
        owners: owners.toSorted((a, b) => b.rows.length - a.rows.length || (a.owner < b.owner ? -1 : 1)),
      };
    })
    .toSorted(
      (a, b) =>
        SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
        b.count - a.count ||
        (a.code < b.code ? -1 : 1),
    );
}

/** The service as a question names it, or the operator's file. */
export function ownerOf(row: DiagnosticRow): string {
  const { catalog } = row.subject;
  const { service } = row.subject;
  return originOf(row) ?? (typeof catalog === "string" ? `${catalog}:${service}` : service);
}

function originOf({ subject }: DiagnosticRow): string | undefined {
  const { origin } = subject;
  return typeof origin === "string" ? origin : undefined;
}

/** Where it is: `wiki-1 on node-2`, with its tag where it is about one. */
export function placeOf({ subject }: DiagnosticRow): { readonly where: string; readonly tag: string | undefined } {
  const { instance, node, tag } = subject;
  const where = instance === "" ? node : node === "" ? instance : `${instance} on ${node}`;
  return { where, tag: typeof tag === "string" ? tag : undefined };
}

const FIELDS: RowFields<DiagnosticRow> = {
  fields: {
    code: ({ code }) => [code],
    severity: ({ severity }) => [severity],
    service: (row) => [ownerOf(row)],
    node: ({ subject }) => [subject.node],
    instance: ({ subject }) => [subject.instance],
    chart: ({ chart }) => [chart],
    message: ({ message }) => [message],
  },
  whole: ["severity", "chart"],
  plain: ["code", "service", "node", "instance", "message"],
};

export const DIAGNOSTIC_FILTER_FIELDS = Object.keys(FIELDS.fields);

export function filterDiagnostics(text: string): ((row: DiagnosticRow) => boolean) | undefined {
  return rowFilter(text, FIELDS);
}
