import { AppError, EXIT_CODES } from "../../base/errors.ts";
import { systemCode } from "../../base/system-code.ts";

interface Failure {
  readonly code: string;
  readonly remedy: string;
}

const NO_SPACE = { code: "E_OUTPUT_NO_SPACE", remedy: "free space on that file system or raise its quota" };
const DENIED = {
  code: "E_OUTPUT_DENIED",
  remedy: "give portolan's user write and search permission on the directory, and read permission on the file",
};
const MISSING_DIR = { code: "E_OUTPUT_MISSING_DIR", remedy: "create the directory, or correct the path" };

/** What the system's codes mean for the operator, and what to do. */
const FAILURES: ReadonlyMap<string, Failure> = new Map([
  ["ENOSPC", NO_SPACE],
  ["EDQUOT", NO_SPACE],
  ["EROFS", { code: "E_OUTPUT_READ_ONLY", remedy: "mount the directory read-write for portolan" }],
  ["EACCES", DENIED],
  ["EPERM", DENIED],
  ["ENOENT", MISSING_DIR],
  ["ENOTDIR", MISSING_DIR],
  ["EBUSY", { code: "E_OUTPUT_FAILED", remedy: "mount the directory that holds the file, never the single file" }],
  ["EISDIR", { code: "E_OUTPUT_FAILED", remedy: "name a file inside that directory" }],
]);

const OTHER: Failure = { code: "E_OUTPUT_FAILED", remedy: "check the disk and the system's log" };

/**
 * What to throw for a failed file operation: an AppError that names the action, the path, the system's code and the
 * remedy. Always retryable, because disks are freed and directories mounted without notice. An error that is not the system's
 * is a defect of portolan and is handed back as it is.
 *
 * @param action what failed, as in "cannot ACTION PATH"
 */
export function outputError(error: unknown, action: string, path: string): unknown {
  const system = systemCode(error);
  if (system === undefined || error instanceof AppError) return error;
  const { code, remedy } = FAILURES.get(system) ?? OTHER;
  return new AppError(`cannot ${action} ${path}: ${system}; ${remedy}`, {
    code,
    retryable: true,
    exitCode: EXIT_CODES.cannotWrite,
  });
}
