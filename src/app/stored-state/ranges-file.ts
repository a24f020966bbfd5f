import { z } from "zod";
import type { ReportedRanges } from "../../core/ports/dynamic-range.ts";
import { createStateFile, type StateFile } from "../../output/state/state-file.ts";
import { lastingName } from "./lasting-name.ts";

const FORMAT = 1;

const range = z.object({ first: z.number().int(), last: z.number().int() });
const ranges = z.record(
  z.string().transform(lastingName),
  z.object({ clients: z.number().int(), ranges: z.array(range).min(1) }),
);

/** What each Nomad reported last of its clients' dynamic ports, by its name. */
export type StoredRanges = Readonly<Record<string, ReportedRanges>>;

/** The file for the dynamic ranges that Nomads reported last. */
export function createRangesFile(path: string): StateFile<StoredRanges> {
  return createStateFile({ path, format: FORMAT, decode: (value) => ranges.safeParse(value).data });
}
