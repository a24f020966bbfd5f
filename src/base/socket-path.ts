import { type FileHandle, open } from "node:fs/promises";
import { basename, dirname } from "node:path";

/**
 * Calls `use` with a path to the same file that is short enough for a socket's address, which has 107 bytes: directories of
 * Nomad's allocations are longer. Linux gives every open directory a short name below /proc; elsewhere the path is handed
 * over as it is. Throws the system's error where there is no such directory, and what `use` throws.
 */
export async function withSocketPath<T>(path: string, use: (short: string) => Promise<T>): Promise<T> {
  let directory: FileHandle | undefined;
  if (process.platform === "linux") directory = await open(dirname(path), "r");
  try {
    return await use(directory === undefined ? path : `/proc/self/fd/${directory.fd}/${basename(path)}`);
  } finally {
    await directory?.close();
  }
}
