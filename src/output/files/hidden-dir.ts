import { chmod, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { systemCode } from "../../base/system-code.ts";

/**
 * The directory beside the output for what portolan needs on the output's own mount: files that grow, and the writer's lock.
 * Traefik reads directories below the one that it watches, but does not watch them.
 */
export function hiddenDir(outputPath: string): string {
  return join(dirname(outputPath), ".portolan-staging");
}

/** Traefik must be able to read it: a directory that it cannot list makes it refuse the whole configuration. */
export const HIDDEN_MODE = 0o755;

/** Creates the hidden directory where it is missing. Throws the system's error, also where the output's own is missing. */
export async function makeHiddenDir(outputPath: string): Promise<string> {
  const hidden = hiddenDir(outputPath);
  try {
    await mkdir(hidden);
    await chmod(hidden, HIDDEN_MODE); // mkdir's own mode is cut by the umask
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error;
  }
  return hidden;
}
