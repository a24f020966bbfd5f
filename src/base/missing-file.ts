import { stat } from "node:fs/promises";
import { systemCode } from "./system-code.ts";

/** Whether there is surely nothing at the path. What may not be looked at is not known to be missing. */
export async function isMissing(path: string): Promise<boolean> {
  try {
    await stat(path);
    return false;
  } catch (error) {
    const code = systemCode(error);
    return code === "ENOENT" || code === "ENOTDIR";
  }
}
