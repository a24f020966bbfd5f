import type { FaultRow } from "../row.ts";
import { ANSWER_ROWS } from "./answers.ts";
import { CATALOG_ROWS } from "./catalog.ts";
import { CHART_ROWS } from "./chart.ts";
import { CHURN_ROW } from "./churn.ts";
import { CONNECTION_ROWS } from "./connections.ts";
import { FIRST_CHART_ROWS } from "./first-chart.ts";
import { HOST_ROWS } from "./host.ts";
import { PROCESS_ROWS } from "./process.ts";
import { STATE_ROWS } from "./state.ts";
import { TAG_ROWS } from "./tags.ts";

/** The matrix, family by family. */
export const ALL_ROWS: readonly FaultRow[] = [
  ...CATALOG_ROWS,
  CHURN_ROW,
  ...CONNECTION_ROWS,
  ...FIRST_CHART_ROWS,
  ...ANSWER_ROWS,
  ...TAG_ROWS,
  ...HOST_ROWS,
  ...CHART_ROWS,
  ...STATE_ROWS,
  ...PROCESS_ROWS,
];
