import { z } from "zod";
import type { Rollback } from "../../daemon/rollback.ts";
import { createStateFile, type StateFile } from "../../output/state/state-file.ts";

const FORMAT = 1;

const rollback = z.object({ number: z.number(), sinceMs: z.number(), text: z.string() }).nullable();

/** The file for the rollback of one chart while it is in force, with its text; null where none is. */
export function createRollbackFile(path: string): StateFile<Rollback | null> {
  return createStateFile({ path, format: FORMAT, decode: (value) => rollback.safeParse(value).data });
}
