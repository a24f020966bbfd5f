import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError, EXIT_CODES } from "../../base/errors.ts";
import { systemReason } from "../../base/system-code.ts";

/**
 * Writes new files into a directory, which is made where it is not there. A file that is there already stays: it may have been
 * edited. Throws AppError (exit code 73).
 *
 * @returns their paths
 */
export async function writeNewFiles(
  directory: string,
  files: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name);
    try {
      await mkdir(directory, { recursive: true });
      await writeFile(path, text, { flag: "wx", mode: 0o640 });
    } catch (error) {
      const reason = systemReason(error);
      const remedy = reason.includes("EEXIST")
        ? "it stays as it is; remove it, or name another directory with --out"
        : "name another directory with --out";
      throw new AppError(`${path} cannot be written (${reason}): ${remedy}`, {
        code: "E_CANNOT_WRITE",
        retryable: false,
        exitCode: EXIT_CODES.cannotWrite,
      });
    }
    paths.push(path);
  }
  return paths;
}
