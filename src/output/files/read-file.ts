import { type FileHandle, open, readFile, stat } from "node:fs/promises";
import { systemCode } from "../../base/system-code.ts";
import { outputError } from "./output-error.ts";

/** The file's bytes; undefined where there is no file. Throws E_OUTPUT_… where it cannot be read. */
export function readIfPresent(path: string): Promise<Buffer | undefined> {
  return ifPresent(path, "read", () => readFile(path));
}

/** The file's size in bytes; undefined where there is no file. Throws E_OUTPUT_… where it cannot be looked at. */
export function sizeIfPresent(path: string): Promise<number | undefined> {
  return ifPresent(path, "read", async () => (await stat(path)).size);
}

/** Opens the file; undefined where there is none. Throws E_OUTPUT_… where it cannot be opened. */
export function openIfPresent(path: string, action: "read" | "write", flags: number): Promise<FileHandle | undefined> {
  return ifPresent(path, action, () => open(path, flags));
}

async function ifPresent<T>(path: string, action: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw outputError(error, action, path);
  }
}
