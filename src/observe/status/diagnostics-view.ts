import type { DiagnosticRow, DiagnosticsAnswer, DiagnosticsQuery } from "../../api/resources/diagnostics.ts";
import { SEVERITIES } from "../../api/resources/words.ts";
import { AppError } from "../../base/errors.ts";
import { nodeNameOf } from "../../core/catalog/node-name.ts";
import type { ServiceInstance } from "../../core/catalog/snapshot.ts";
import { DIAGNOSTIC_CODES, type Diagnostic } from "../../core/diagnostics/diagnostics.ts";
import { memoize } from "../../core/incremental/memoize.ts";
import { type UiAddresses, uiLinks } from "../ui-links.ts";
import type { ChartStatus } from "./chart-status.ts";
import { chartsAsked, type NamedChart, notFound } from "./charts-asked.ts";
import { isServiceNamed, knownServices } from "./routes-view.ts";

/**
 * What is wrong, a page of it: errors first, and the first 50 of each service before the others, so that one with thousands
 * hides no other. Throws AppError (E_API_NOT_FOUND) where a chart, code or service is named that does not exist.
 *
 * @param ui where the web interfaces of the catalogs are, for links to instances
 */
export function diagnosticsView(
  all: readonly NamedChart[],
  query: DiagnosticsQuery,
  ui: UiAddresses = {},
): DiagnosticsAnswer {
  const { code, service, severity, limit, after } = query;
  const charts = chartsAsked(all, query.chart);
  const found = charts.flatMap((chart) =>
    fairly(chart.status.diagnostics)
      .filter(
        (one) =>
          (code === undefined || one.code === code) &&
          (severity === undefined || one.severity === severity) &&
          (service === undefined || isAbout(one, service)),
      )
      .map((diagnostic) => ({ chart, diagnostic })),
  );
  if (found.length === 0) refuseUnknown(charts, query);
  const start = after === undefined ? 0 : positionIn(after);
  const page = found.slice(start, start + limit);
  const linked = linksIn(page, ui);
  const end = start + page.length;
  return {
    diagnostics: page.map(({ chart, diagnostic }, position): DiagnosticRow => {
      const { code, severity, subject, message, remedy } = diagnostic;
      const id = String(start + position + 1);
      return {
        id,
        chart: chart.name,
        code,
        severity,
        subject: { ...subject },
        message,
        remedy,
        ...linked(chart.status, diagnostic),
      };
    }),
    codes: Object.fromEntries(page.map(({ diagnostic: { code } }) => [code, DIAGNOSTIC_CODES[code].doc])),
    total: found.length,
    next: end < found.length ? String(end) : null,
  };
}

function positionIn(after: string): number {
  if (/^\d{1,9}$/.test(after)) return Number(after);
  throw new AppError(`after: found ${JSON.stringify(after)}; next of the page before is allowed`, {
    code: "E_API_QUERY",
    retryable: false,
  });
}

const MOST_OF_SERVICE = 50;

/** In the order in which they are told. Remembered as long as no pass says otherwise. */
const fairly = memoize((diagnostics: readonly Diagnostic[]): readonly Diagnostic[] => {
  const counts = new Map<string, number>();
  const bySeverity = Map.groupBy(diagnostics, ({ severity }) => severity);
  const [first, later]: [Diagnostic[], Diagnostic[]] = [[], []];
  for (const severity of SEVERITIES) {
    for (const one of bySeverity.get(severity) ?? []) {
      const owner = JSON.stringify([one.subject.origin, one.subject.catalog, one.subject.service]);
      const count = (counts.get(owner) ?? 0) + 1;
      counts.set(owner, count);
      if (count <= MOST_OF_SERVICE) first.push(one);
      else later.push(one);
    }
  }
  return [...first, ...later];
});

function isAbout({ subject: { catalog, service } }: Diagnostic, name: string): boolean {
  return isServiceNamed(catalog === undefined ? service : `${catalog}:${service}`, name);
}

function refuseUnknown(charts: readonly NamedChart[], { code, service }: DiagnosticsQuery): void {
  const codes: readonly string[] = Object.keys(DIAGNOSTIC_CODES);
  if (code !== undefined && !codes.includes(code)) throw notFound("diagnostic", code, codes);
  if (service === undefined) return;
  const known = knownServices(charts);
  if (!known.some((one) => isServiceNamed(one, service))) throw notFound("service", service, known);
}

type Links = ReturnType<typeof uiLinks>;

/** The links of each diagnostic's instance, where there are web interfaces to link to. */
function linksIn(
  page: readonly { readonly chart: NamedChart; readonly diagnostic: Diagnostic }[],
  ui: UiAddresses,
): (status: ChartStatus, diagnostic: Diagnostic) => Links {
  if (page.length === 0 || Object.keys(ui).length === 0) return () => ({});
  const placeOf = (...place: readonly (string | undefined)[]) => JSON.stringify(place);
  const wanted = new Set(
    page.map(({ diagnostic: { subject } }) =>
      placeOf(subject.catalog, subject.service, subject.node, subject.instance),
    ),
  );
  const found = new Map<ChartStatus, Map<string, ServiceInstance>>();
  for (const { chart } of page) {
    if (found.has(chart.status)) continue;
    const known = new Map<string, ServiceInstance>();
    for (const instance of chart.status.instances?.flat() ?? []) {
      const place = placeOf(instance.catalogName, instance.service, nodeNameOf(instance), instance.id);
      if (wanted.has(place)) known.set(place, instance);
    }
    found.set(chart.status, known);
  }
  return (status, { subject: { catalog, service, node, instance } }) => {
    const one = found.get(status)?.get(placeOf(catalog, service, node, instance));
    return one === undefined ? {} : uiLinks(one, ui);
  };
}
