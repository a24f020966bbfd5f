import { z } from "zod";
import { createStateFile, type StateFile } from "../../output/state/state-file.ts";

const FORMAT = 1;

const contents = z.record(z.string(), z.unknown());

/** The file for the contents of the operator's snippets as they were last good, by the snippet's name. */
export function createSnippetsFile(path: string): StateFile<Readonly<Record<string, unknown>>> {
  return createStateFile({ path, format: FORMAT, decode: (value) => contents.safeParse(value).data });
}
