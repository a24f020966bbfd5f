import { mkdir } from "node:fs/promises";
import { outputError } from "./output-error.ts";

/** Creates a directory that only portolan's user may enter, where it is missing. Throws E_OUTPUT_…. */
export async function makePrivateDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw outputError(error, "create", path);
  }
}
