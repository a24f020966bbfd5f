import type { ChartSummary, StatusAnswer } from "../../../src/api/resources/status.ts";
import { parseExposition, type Sample } from "./scrape.ts";

/** What a running portolan answered at the same moment. */
export interface Answers {
  /** Of `/metrics`. */
  readonly metrics: string;
  /** Of `/v1/status`. */
  readonly status: Pick<StatusAnswer, "version" | "ready" | "sources" | "chart" | "edges">;
  /** The code of `/readyz`. */
  readonly readyz: number;
}

/**
 * Where the metrics say something else than status and readiness, a line for each; none where they agree. What the status says of
 * charts in numbers is all held against the metrics: a chart that has made no pass yet may have no sample of it.
 */
export function disagreements({ metrics, status, readyz }: Answers): readonly string[] {
  const samples = parseExposition(metrics);
  const expected: Sample[] = [
    { name: "portolan_ready", labels: {}, value: status.ready ? 1 : 0 },
    { name: "portolan_ready", labels: {}, value: readyz === 200 ? 1 : 0 },
    { name: "portolan_build_info", labels: { version: status.version }, value: 1 },
    ...[{ name: "main", chart: status.chart }, ...status.edges].flatMap(({ name, chart }) => expectedOf(name, chart)),
  ];
  return expected.flatMap(({ name, labels, value }) => {
    const found = samples.find((one) => one.name === name && isSame(one.labels, labels))?.value;
    const isRight = Number.isNaN(value) ? found === undefined : found === value;
    return isRight ? [] : [`${name}${JSON.stringify(labels)} is ${found}, and the status says ${value}`];
  });
}

const flag = (value: unknown) => (value === null ? 0 : 1);

/** A value that is NaN stands for a sample that must not be there. */
function expectedOf(edge: string, chart: ChartSummary): readonly Sample[] {
  const at = (name: string, value: number, labels: Sample["labels"] = {}) => ({
    name: `portolan_chart_${name}`,
    labels: { edge, ...labels },
    value,
  });
  const always = [at("standby", flag(chart.standbyFor))];
  if (chart.hash === null) return always;
  const { rollback, traefik } = chart;
  const ofTraefik = (name: string, value: number) => ({ name: `portolan_traefik_${name}`, labels: { edge }, value });
  return [
    ...always,
    at("unwritable", flag(chart.writeError)),
    at("state_unsaved", flag(chart.stateError)),
    at("directory_refused", flag(chart.directoryError)),
    at("rolled_back", flag(rollback)),
    at("rollback_timestamp_seconds", rollback === null ? Number.NaN : Date.parse(rollback.since) / 1000),
    at("rollback_withheld_changes", rollback === null ? Number.NaN : rollback.withheldChanges),
    at("routers", chart.routers),
    at("generation", chart.generation),
    at("info", 1, { hash: chart.hash }),
    ...["source-away", "blind", "catalog-reset", "mass-removal", "settings-change"].flatMap((kind) => {
      const holds = chart.holds.filter((hold) => hold.kind === kind);
      const ends = holds.flatMap((hold) => (hold.ends === null ? [] : [Date.parse(hold.ends) / 1000]));
      return [
        at(
          "routers_held",
          holds.reduce((sum, { routers }) => sum + routers, 0),
          { kind },
        ),
        at("holds_end_timestamp_seconds", ends.length === 0 ? Number.NaN : Math.min(...ends), { kind }),
      ];
    }),
    ...chart.diagnostics.map(({ code, severity, count }) => at("diagnostics", count, { code, severity })),
    ofTraefik("up", traefik === null ? Number.NaN : traefik.error === null ? 1 : 0),
    ...(traefik?.chart == null
      ? []
      : [ofTraefik("taken", traefik.chart === "behind" || traefik.chart === "nothing" ? 0 : 1)]),
  ];
}

function isSame(some: Sample["labels"], others: Sample["labels"]): boolean {
  const keys = Object.keys(some);
  return keys.length === Object.keys(others).length && keys.every((key) => some[key] === others[key]);
}
