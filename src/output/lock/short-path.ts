import { type FileHandle, open } from "node:fs/promises";
import { basename, dirname } from "node:path";

/**
 * Hands over a path to the same file that a socket's address has room for: it ends after 107 bytes, and directories of
 * allocations are longer. Linux knows every open directory by a short name; elsewhere the path has to be short enough.
 * Throws what the system says where there is no such directory, and what `use` throws.
 */
export async function openShortly<T>(path: string, use: (short: string) => Promise<T>): Promise<T> {
  let directory: FileHandle | undefined;
  if (process.platform === "linux") directory = await open(dirname(path), "r");
  try {
    return await use(directory === undefined ? path : `/proc/self/fd/${directory.fd}/${basename(path)}`);
  } finally {
    await directory?.close();
  }
}
