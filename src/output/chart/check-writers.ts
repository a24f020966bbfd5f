import { stat } from "node:fs/promises";
import { systemCode } from "../../base/system-code.ts";

/** Users other than a directory's owner who must not be able to write there. */
export type Strangers = "others" | "group and others";

const WRITE: Readonly<Record<Strangers, number>> = { others: 0o002, "group and others": 0o022 };

/**
 * A warning where a directory's mode lets other users write: they can replace the files in it, whatever the files' own modes.
 * Undefined where nothing is wrong, and where the directory is missing, which other checks report.
 */
export async function strangersWarning(directory: string, strangers: Strangers): Promise<string | undefined> {
  try {
    const { mode } = await stat(directory);
    if ((mode & WRITE[strangers]) === 0) return undefined;
    const remedy = `chmod ${strangers === "others" ? "o" : "go"}-w ${directory}`;
    return `${directory} may be written by ${strangers} (mode ${(mode & 0o7777).toString(8).padStart(4, "0")}), who can replace what is in it; ${remedy}`;
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return undefined;
  }
}
