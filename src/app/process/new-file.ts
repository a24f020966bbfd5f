import { writeFile } from "node:fs/promises";
import { AppError, EXIT_CODES } from "../../base/errors.ts";
import { systemCode, systemReason } from "../../base/system-code.ts";

/** Writes a file that a user has asked for. Throws AppError (exit code 73) where it cannot be written, or one is there: it stays. */
export async function writeNewFile(path: string, text: string, mode: number): Promise<void> {
  try {
    await writeFile(path, text, { flag: "wx", mode });
  } catch (error) {
    const isThere = systemCode(error) === "EEXIST";
    const reason = isThere ? "it is there already" : systemReason(error);
    throw new AppError(`${path} cannot be written: ${reason}; name another file, or - for standard output`, {
      code: "E_CANNOT_WRITE",
      retryable: false,
      exitCode: EXIT_CODES.cannotWrite,
    });
  }
}
