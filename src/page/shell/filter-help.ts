import type { View } from "../addresses.ts";
import { DIAGNOSTIC_FILTER_FIELDS } from "../attention/diagnostic-groups.ts";
import { ROUTE_FILTER_FIELDS } from "../chart/filter.ts";
import { PORT_FILTER_FIELDS } from "../ports/port-filter.ts";
import { EVENT_FILTER_FIELDS } from "../timeline/event-filter.ts";

/** Words of a filter and what they mean. */
export interface FilterHelp {
  readonly words: string;
  readonly meaning: string;
}

/** What each view's filter takes; a view that has none has no place here. */
const OF_VIEW: Readonly<Partial<Record<View, { readonly example: string; readonly fields: readonly string[] }>>> = {
  chart: { example: "state:held", fields: ROUTE_FILTER_FIELDS },
  ports: { example: "port:8000-8099", fields: PORT_FILTER_FIELDS },
  timeline: { example: "kind:went", fields: EVENT_FILTER_FIELDS },
  attention: { example: "severity:error", fields: DIAGNOSTIC_FILTER_FIELDS },
};

/** How the filter of a view is written: its own fields, and what all filters have. */
export function filterHelp(view: View): readonly FilterHelp[] {
  const own = OF_VIEW[view];
  if (own === undefined) return [];
  const { example, fields } = own;
  return [
    { words: "wiki node-1", meaning: "what has both words, wherever they stand" },
    { words: example, meaning: `the word in this place only: ${fields.join(", ")}` },
    { words: `-${example}`, meaning: "without those" },
    { words: '"two words"', meaning: "the words together" },
  ];
}
