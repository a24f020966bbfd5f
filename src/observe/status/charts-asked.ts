import { AppError } from "../../base/errors.ts";
import { nearest } from "../../base/nearest.ts";
import type { ChartStatus } from "./chart-status.ts";

/** A chart by the name that logs and metrics call it: `main`, or an edge's. */
export interface NamedChart {
  readonly name: string;
  readonly status: ChartStatus;
}

/** The charts that a question is about: the one it names, else all. Throws AppError (E_API_NOT_FOUND) for another name. */
export function chartsAsked(charts: readonly NamedChart[], name: string | undefined): readonly NamedChart[] {
  if (name === undefined) return charts;
  const asked = charts.filter((chart) => chart.name === name);
  if (asked.length > 0) return asked;
  throw notFound(
    "chart",
    name,
    charts.map((chart) => chart.name),
  );
}

const MOST_KNOWN = 10;

/** What was asked for by name is not there: E_API_NOT_FOUND, with the known name that is nearest, or all where they are few. */
export function notFound(what: string, name: string, known: readonly string[]): AppError {
  const meant = nearest(name, known);
  const named = known.length > 0 && known.length <= MOST_KNOWN ? `; known: ${known.join(", ")}` : "";
  const hint = meant === undefined ? named : `; did you mean ${meant}?`;
  return new AppError(`there is no ${what} ${JSON.stringify(name)}${hint}`, {
    code: "E_API_NOT_FOUND",
    retryable: false,
  });
}
