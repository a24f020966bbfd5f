import { writeFile } from "node:fs/promises";
import { AppError, EXIT_CODES } from "../../base/errors.ts";
import { systemCode, systemReason } from "../../base/system-code.ts";

/** Writes a bundle for its owner alone. Throws AppError (exit code 73) where it cannot be written, or a file is there. */
export async function writeSupportBundle(path: string, json: string): Promise<void> {
  try {
    await writeFile(path, json, { flag: "wx", mode: 0o600 });
  } catch (error) {
    const isThere = systemCode(error) === "EEXIST";
    const reason = isThere ? "it is there already" : systemReason(error);
    throw new AppError(`${path} cannot be written: ${reason}; name another file, or - for standard output`, {
      code: "E_BUNDLE_UNWRITTEN",
      retryable: false,
      exitCode: EXIT_CODES.cannotWrite,
    });
  }
}
