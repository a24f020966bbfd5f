import type { Trial } from "../../trials/trial.ts";
import { ANSWER_ROWS } from "./answers.ts";
import { AUTHENTICATION_ROWS } from "./authentication.ts";
import { CATALOG_ROWS } from "./catalog.ts";
import { CHART_ROWS } from "./chart.ts";
import { CHURN_ROW } from "./churn.ts";
import { CONNECTION_ROWS } from "./connections.ts";
import { FIRST_CHART_ROWS } from "./first-chart.ts";
import { HOST_ROWS } from "./host.ts";
import { LISTENER_ROWS } from "./listener.ts";
import { MEMORY_ROWS } from "./memory.ts";
import { PROCESS_ROWS } from "./process.ts";
import { STATE_ROWS } from "./state.ts";
import { TAG_ROWS } from "./tags.ts";

/** Every fault, family by family. */
export const ALL_FAULTS: readonly Trial[] = [
  ...CATALOG_ROWS,
  CHURN_ROW,
  ...CONNECTION_ROWS,
  ...FIRST_CHART_ROWS,
  ...ANSWER_ROWS,
  ...AUTHENTICATION_ROWS,
  ...TAG_ROWS,
  ...HOST_ROWS,
  ...CHART_ROWS,
  ...LISTENER_ROWS,
  ...STATE_ROWS,
  ...PROCESS_ROWS,
  ...MEMORY_ROWS,
];
