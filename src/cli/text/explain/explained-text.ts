import type { Explained } from "../../../api/resources/explain.ts";
import { printable } from "../../../base/printable.ts";
import type { VerdictState } from "../../../core/explain/answer.ts";
import type { Colours } from "../colour.ts";
import { answerText, briefText } from "./answer-text.ts";

type Chart = Explained["charts"][number];

/**
 * The answers for all charts. Where there are several, each stands below the name of its chart, the one that has most to say
 * first; those that know nothing of the subject are told in short, since it is another one's.
 */
export function explainedText({ charts }: Explained, colours: Colours): string {
  const [only, ...more] = charts;
  if (only !== undefined && more.length === 0) return textOf(only, answerText, colours);
  const ordered = charts.toSorted((one, other) => placeOf(one) - placeOf(other));
  const isAnyMeant = ordered.some(isMeant);
  return ordered
    .map((chart) => {
      const tell = isAnyMeant && !isMeant(chart) ? briefText : answerText;
      return `${colours.strong(`Chart ${printable(chart.chart)}`)}\n${textOf(chart, tell, colours)}`;
    })
    .join("\n");
}

function textOf({ answers }: Chart, tell: typeof answerText, colours: Colours): string {
  return answers.map((answer) => tell(answer, colours)).join("\n");
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

function isServedState(state: VerdictState): boolean {
  return state === "routed" || state === "partly" || state === "kept";
}
