import type { Explained } from "../../../api/resources/explain.ts";
import { printable } from "../../../base/printable.ts";
import { tellCharts } from "../../../explained/tell-charts.ts";
import type { Colours } from "../colour.ts";
import { toldText } from "./answer-text.ts";

/** The answers for all charts. Where there are several, each stands below the name of its chart. */
export function explainedText(explained: Explained, colours: Colours): string {
  return tellCharts(explained)
    .map(({ name, answers }) => {
      const head = name === undefined ? "" : `${colours.strong(`Chart ${printable(name)}`)}\n`;
      return `${head}${answers.map((answer) => toldText(answer, colours)).join("\n")}`;
    })
    .join("\n");
}
