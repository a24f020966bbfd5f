import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError } from "../../base/errors.ts";
import type { FileOwner } from "../files/atomic-file.ts";
import { outputError } from "../files/output-error.ts";
import { readIfPresent, sizeIfPresent } from "../files/read-file.ts";

/** Whether this is the file's text, as far as it can be read. A file of another size is not even read. */
export async function holdsText(path: string, text: string): Promise<boolean> {
  const bytes = Buffer.from(text);
  if ((await sizeIfPresent(path)) !== bytes.length) return false;
  try {
    return (await readIfPresent(path))?.equals(bytes) === true;
  } catch (error) {
    // Its mode keeps even its owner out: it is replaced, for which only its directory must let the owner in.
    if (error instanceof AppError && error.code === "E_OUTPUT_DENIED") return false;
    throw error;
  }
}

/** Whether the file has this text, these permission bits and this owner; parts of the owner that are undefined do not count. */
export async function isPublished(path: string, text: string, mode: number, { uid, gid }: FileOwner): Promise<boolean> {
  if (!(await holdsText(path, text))) return false;
  const found = await stat(path);
  return (
    (found.mode & 0o7777) === mode &&
    (uid === undefined || found.uid === uid) &&
    (gid === undefined || found.gid === gid)
  );
}

/** The numeric group of the file's directory. Throws E_OUTPUT_… where there is no such directory. */
export async function directoryGroup(path: string): Promise<number> {
  try {
    return (await stat(dirname(path))).gid;
  } catch (error) {
    throw outputError(error, "write", path);
  }
}
