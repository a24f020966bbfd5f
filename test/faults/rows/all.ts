import type { FaultRow } from "../row.ts";
import { ANSWER_ROWS } from "./answers.ts";
import { CATALOG_ROWS } from "./catalog.ts";

/** The matrix, family by family. */
export const ALL_ROWS: readonly FaultRow[] = [...CATALOG_ROWS, ...ANSWER_ROWS];
