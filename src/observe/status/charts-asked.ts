import { AppError } from "../../base/errors.ts";
import { nearest } from "../../base/nearest.ts";
import type { ChartStatus } from "./chart-status.ts";

/** A chart has the name that logs and metrics call it: `main`, or an edge's. */
interface Named {
  readonly name: string;
}

/** A chart by its name. */
export interface NamedChart extends Named {
  readonly status: ChartStatus;
}

/** The charts that a question is about: the one it names, else all. Throws AppError (E_API_NOT_FOUND) for another name. */
export function chartsAsked<Chart extends Named>(charts: readonly Chart[], name: string | undefined): readonly Chart[] {
  return name === undefined ? charts : [chartAsked(charts, name)];
}

/** The chart of this name. Throws AppError (E_API_NOT_FOUND) where there is none. */
export function chartAsked<Chart extends Named>(charts: readonly Chart[], name: string): Chart {
  const asked = charts.find((chart) => chart.name === name);
  if (asked !== undefined) return asked;
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
