import type { Explained } from "../api/resources/explain.ts";
import { tellAnswer, tellBriefly } from "./tell-answer.ts";
import type { ToldAnswer, Verdict } from "./told-answer.ts";

type Chart = Explained["charts"][number];

/** What a chart answers. */
export interface ToldChart {
  /** Undefined where there is only one chart. */
  readonly name: string | undefined;
  readonly answers: readonly ToldAnswer[];
}

/**
 * The answers for all charts: where there are several, the one that has most to say first; those that know nothing of the
 * subject are told in short, since it is another one's.
 */
export function tellCharts({ charts }: Explained): readonly ToldChart[] {
  const [only, ...more] = charts;
  if (only !== undefined && more.length === 0) return [{ name: undefined, answers: only.answers.map(tellAnswer) }];
  const isAnyMeant = charts.some(isMeant);
  return charts
    .toSorted((one, other) => placeOf(one) - placeOf(other))
    .map((chart) => {
      const tell = isAnyMeant && !isMeant(chart) ? tellBriefly : tellAnswer;
      return { name: chart.chart, answers: chart.answers.map(tell) };
    });
}

/** Does the subject ask for anything of this chart? The tags of another chart's prefix are none for it. */
function isMeant({ answers }: Chart): boolean {
  return answers.some(
    ({ verdict, ...answer }) =>
      verdict.state !== "unknown" && !("reason" in answer && answer.reason?.code === "NOT_ENABLED"),
  );
}

function placeOf(chart: Chart): number {
  if (!isMeant(chart)) return 2;
  return chart.answers.some(({ verdict }) => isServedState(verdict.state)) ? 0 : 1;
}

/** Whether requests reach what was asked about, all of it or a part, by any chart. */
export function isServed({ charts }: Explained): boolean {
  return charts.some(({ answers }) => answers.some(({ verdict }) => isServedState(verdict.state)));
}

function isServedState(state: Verdict["state"]): boolean {
  return state === "routed" || state === "partly" || state === "kept";
}
