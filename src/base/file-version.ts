import type { BigIntStats } from "node:fs";
import { stat } from "node:fs/promises";

/** Differs whenever the file was written, replaced or touched; undefined where there is none. */
export async function fileVersion(path: string): Promise<string | undefined> {
  const found = await statOf(path);
  return found && `${found.dev} ${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
}

/** Differs for every file that stands under a path, whatever its content; undefined where there is none. */
export async function fileIdentity(path: string): Promise<string | undefined> {
  const found = await statOf(path);
  return found && `${found.dev} ${found.ino}`;
}

/**
 * Which directory stands under a path; undefined where there is none. File systems give the inode number of a removed
 * directory to the next one, so its time of birth is part of it.
 */
export async function directoryIdentity(path: string): Promise<string | undefined> {
  const found = await statOf(path);
  return found && `${found.dev} ${found.ino} ${found.birthtimeNs}`;
}

/** Undefined where it cannot be looked at: reading or writing it says why. */
async function statOf(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(path, { bigint: true });
  } catch {
    return undefined;
  }
}
